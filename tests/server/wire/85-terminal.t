# Sealed work of a terminal that was revoked: with its ticket, and nothing else.
step work without a ticket
send POST /v1/terminals/0123456789abcdef/work
body jiban-work 1 0123456789abcdef 0123456789abcdef0123456789abcdef
expect 401
problem unauthorized

step a session is no ticket
send POST /v1/terminals/0123456789abcdef/work
as desk
body jiban-work 1 0123456789abcdef 0123456789abcdef0123456789abcdef
expect 400
problem invalid

step what is no sealed work
send POST /v1/terminals/0123456789abcdef/work
as desk
body {"command":{}}
expect 400
problem invalid

step the work cannot be fetched
send GET /v1/terminals/0123456789abcdef/work
as desk
expect 405
problem method

step a log-in that names its terminal
send POST /v1/session
body {"user":"wang.desk","password":"a word for tests","device":"wire","terminal":"0123456789abcdef"}
expect 200
has ^\{"token":

step one that names it in another form is taken as one without
send POST /v1/session
body {"user":"wang.desk","password":"a word for tests","terminal":"0123456789ABCDEF'; --"}
expect 200
