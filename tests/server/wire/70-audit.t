# Checkpoints of the audit log: for auditors and administrators.
step log in as the auditor
send POST /v1/session
body {"user":"wei.audit","password":"a word for tests"}
expect 200
save auditor "token":"([^"]+)"

step log in as the administrator
send POST /v1/session
body {"user":"ming.admin","password":"a word for tests"}
expect 200
save admin "token":"([^"]+)"

step the auditor takes the checkpoints
send GET /v1/audit/checkpoints
as auditor
expect 200
head ^Content-Type: application/x-ndjson$
head ^Cache-Control: no-store$
lines 1
has ^\{"number":[1-9][0-9]*,"time":"[0-9T:.+-]+","head":"[0-9a-f]{64}","signature":"[0-9a-f]{128}"\}$

step the administrator too
send GET /v1/audit/checkpoints
as admin
expect 200
has "signature":"

step nobody else
send GET /v1/audit/checkpoints
as desk
expect 403
problem denied
not signature

step nor without a session
send GET /v1/audit/checkpoints
expect 401
problem unauthorized

step they are not written from outside
send DELETE /v1/audit/checkpoints
as auditor
expect 405
head ^Allow: GET, HEAD$
