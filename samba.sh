#!/bin/sh
# The Samba server of docker-compose.yaml: a login for each agency, then smbd in the foreground.
#
# Its settings (smb.conf) and the logins (shares.txt: user, password, agency) are written by `duban shares`. Users stand
# in files of its own (nss_wrapper), so nothing of the system is changed and everything is made anew at each start.
set -eu
from=${SAMBA_FROM:-/srv/samba}
own=${SAMBA_OWN:-/run/samba}
owner_id=${SAMBA_OWNER_ID:-10001} # who owns the drive: the user of the other containers

umask 077
mkdir -p "$own"
cp /etc/passwd "$own/passwd"
cp /etc/group "$own/group"
chmod 0755 "$own"
chmod 0644 "$own/passwd" "$own/group"
id duban >/dev/null 2>&1 || echo "duban:x:$owner_id:$owner_id::/:/bin/false" >>"$own/passwd"
getent group "$owner_id" >/dev/null || echo "duban:x:$owner_id:" >>"$own/group"
echo "agencies:x:60001:" >>"$own/group"
awk -F '\t' '!/^#/ && NF { print $1 ":x:" 60000 + NR ":60001::/:/bin/false" }' "$from/shares.txt" >>"$own/passwd"

export NSS_WRAPPER_PASSWD="$own/passwd" NSS_WRAPPER_GROUP="$own/group" LD_PRELOAD=libnss_wrapper.so
grep -v '^#' "$from/shares.txt" | while IFS="$(printf '\t')" read -r user password _; do
    printf '%s\n%s\n' "$password" "$password" |
        pdbedit --configfile="$from/smb.conf" -a -t -u "$user" >/dev/null
done
exec smbd --foreground --no-process-group --debug-stdout --configfile="$from/smb.conf"
