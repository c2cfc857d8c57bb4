#!/bin/sh
# All that a push needs but the tests. Every check runs, so that one look shows all that is wrong.
set -u
cd "$(dirname "$0")/../.."
unset DATABASE_URL REDIS_URL ELASTICSEARCH_URL DEBUG
DATA_DIR=$(mktemp -d)
export DATA_DIR
trap 'rm -rf "$DATA_DIR"' EXIT
trap 'exit 1' INT TERM
py=.venv/bin/python
failed=0

check() {
    name=$1
    shift
    if said=$("$@" 2>&1); then
        echo "  ok    $name"
    else
        echo "  FAIL  $name"
        printf '%s\n' "$said"
        failed=1
    fi
}

check "format" $py -m ruff format --check .
check "lint" $py -m ruff check .
check "types" $py -m mypy
check "imports and settings" $py -m pytest -q tests/test_imports.py tests/test_settings.py
check "settings that are safe to deploy" env HTTPS=1 $py manage.py check --deploy --fail-level WARNING
check "migrations" $py manage.py makemigrations --check --dry-run
check "templates" $py -m config.checks.templates
check "templates, style" $py -m djlint --lint --quiet templates
check "translations" $py -m config.checks.translations
exit $failed
