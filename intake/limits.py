"""The limits a person meets, in one place: form, services and templates read them here."""

TITLE = 200  # characters
BODY = 20_000  # characters
REPLY = 5_000  # characters
FILES = 5
FILE_BYTES = 10 * 1024 * 1024
FILE_TYPES = ("pdf", "docx", "xlsx", "jpg", "png")
FORM_AGE = 24 * 3600  # seconds a form stays valid after it was opened
LETTERS = 10  # an hour to one address: anybody can write somebody else's in the form
CLOSE_AFTER_DAYS = 30  # an answer that nobody rated is closed
