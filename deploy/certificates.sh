#!/bin/sh
# Creates a certificate authority and one server certificate in a folder, once. Usage: certificates.sh FOLDER NAME
# NAME is the server's host name; localhost and 127.0.0.1 are added. A complete folder is left unchanged.
set -eu
folder=$1
name=$2
cd "$folder"
[ -f complete ] && exit 0
umask 077
days=3650

openssl req -x509 -newkey rsa:3072 -nodes -days "$days" -subj "/CN=newsarchive CA" \
    -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign" \
    -keyout ca.key -out ca.crt 2>/dev/null
openssl req -newkey rsa:3072 -nodes -subj "/CN=$name" -keyout "$name.key" -out request.csr 2>/dev/null
cat >extensions <<END
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = DNS:$name, DNS:localhost, IP:127.0.0.1
END
openssl x509 -req -in request.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days "$days" \
    -extfile extensions -out "$name.crt" 2>/dev/null
rm -f request.csr extensions ca.srl

chmod 644 ca.crt "$name.crt"
chmod 440 "$name.key"
# The official Elasticsearch image runs as user 1000 of group 0.
if [ "$(id -u)" = 0 ]; then chown 1000:0 "$name.key"; fi
chmod 755 .
touch complete
