#!/bin/sh
# The test suite on the real servers: started for it in DATA_DIR, gone afterwards whatever happens.
set -eu
cd "$(dirname "$0")/.."
: "${DATA_DIR:=var/test-cluster}"
export DATA_DIR
# For the tests that kill a server and start it again; their own DATA_DIR is another one.
SERVICES_DATA_DIR=$DATA_DIR
export SERVICES_DATA_DIR
down() {
    .venv/bin/python -m config.services down
}
trap down EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
.venv/bin/python -m config.services up
. "$DATA_DIR/services.env"
.venv/bin/python -m pytest "$@"
