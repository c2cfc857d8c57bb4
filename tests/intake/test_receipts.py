import pytest

from intake import receipts


def test_a_code_reads_back_however_it_is_typed():
    code = receipts.new_code()
    plain = code.replace("-", "")
    for typed in (code, code.lower(), plain, f"  {code} ", plain[2:], code.replace("0", "O"), code.replace("1", "l")):
        assert receipts.read_code(typed) == code


def test_one_wrong_character_is_noticed():
    code = receipts.new_code()
    for place in (3, 5, 9, 11):
        other = next(c for c in receipts.ALPHABET if c != code[place])
        assert receipts.read_code(code[:place] + other + code[place + 1 :]) is None


@pytest.mark.parametrize("typed", ["", "57", "57-0000", "x" * 5000, "57-ÂÊÔ-ABCD", "💥"])
def test_what_is_no_code_is_none(typed):
    assert receipts.read_code(typed) is None


def test_the_key_opens_its_own_code_only():
    code, salt = receipts.new_code(), receipts.new_salt()
    key = receipts.key_for(code, salt)
    assert receipts.key_matches(code, salt, key.lower().replace("-", " "))
    assert not receipts.key_matches(receipts.new_code(), salt, key)
    assert not receipts.key_matches(code, receipts.new_salt(), key)
    assert not receipts.key_matches(code, salt, "")


def test_no_letter_of_a_key_is_mistaken_for_another():
    for _ in range(200):
        key = receipts.key_for(receipts.new_code(), receipts.new_salt())
        assert not set("ILOU") & set(key)
        assert [len(part) for part in key.split("-")] == [4, 4, 4]
