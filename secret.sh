#!/bin/sh
# secret NAME [WORDS]: say a secret that is mounted as a file, in the place of `{}` in the words.
#
# A file that is missing or empty is refused, and with it the process that asked: Airflow reads its secrets by this
# (`AIRFLOW__…_CMD`), so that none stands in an environment.
set -eu
words=${2-'{}'}
value=$(cat "${SECRETS:-/run/secrets}/$1")
if [ -z "$value" ]; then
    echo "the secret $1 is empty" >&2
    exit 1
fi
printf '%s' "${words%%\{\}*}$value${words#*\{\}}"
