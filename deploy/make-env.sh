#!/bin/sh
# Writes .env for docker-compose.yml with new secrets, readable by you alone. Usage: deploy/make-env.sh DOMAIN
set -eu
cd "$(dirname "$0")/.."
domain=${1:-localhost}
if [ -e .env ]; then echo ".env is there already; remove it to make new secrets" >&2; exit 1; fi
umask 077
secret() { od -An -tx1 -N24 /dev/urandom | tr -d ' \n'; }
while IFS= read -r line; do
    case $line in
        DOMAIN=*) echo "DOMAIN=$domain" ;;
        SECRET_KEY=) echo "$line$(secret)$(secret)" ;; # Django asks for 50 letters
        *_PASSWORD=) echo "$line$(secret)" ;;
        *) printf '%s\n' "$line" ;;
    esac
done <.env.example >.env.new
mv .env.new .env
echo "Wrote .env; the administrator's password is in its line ADMIN_PASSWORD."
