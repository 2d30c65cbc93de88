# Logging in and out.
step log in as the desk
send POST /v1/session
header Content-Type: application/json
body {"user":"wang.desk","password":"a word for tests","device":"wire"}
expect 200
head ^Content-Type: application/json$
head ^Cache-Control: no-store$
has ^\{"token":"[A-Za-z0-9_-]{43}","expires":"[0-9T:.+-]+","server_time":"[0-9T:.+-]+","actor":\{
has "user":"wang.desk".*"role":"desk".*"office":"1101".*"device":"wire"
has "epoch":"[0-9a-f]{16}","policy":"[^"]+"\}$
save desk "token":"([^"]+)"
save epoch "epoch":"([^"]+)"

step log in as the desk of another street
send POST /v1/session
body {"user":"feng.desk","password":"a word for tests"}
expect 200
save other "token":"([^"]+)"

step log in as the operator
send POST /v1/session
body {"user":"chen.op","password":"a word for tests"}
expect 200
save operator "token":"([^"]+)"

step log in as the dispatcher
send POST /v1/session
body {"user":"sun.dispatch","password":"a word for tests"}
expect 200
save dispatcher "token":"([^"]+)"

step unknown members are passed over
send POST /v1/session
body {"user":"chen.op","password":"a word for tests","colour":["red",{"deep":1}]}
expect 200
save ended "token":"([^"]+)"

step log out
send DELETE /v1/session
as ended
expect 204
empty

step a token that was logged out
send GET /v1/policy
as ended
expect 401
head ^WWW-Authenticate: Bearer
problem unauthorized

step log out twice
send DELETE /v1/session
as ended
expect 401
problem unauthorized

step log out with nothing
send DELETE /v1/session
expect 401
problem unauthorized

step a wrong password
send POST /v1/session
body {"user":"wang.desk","password":"something else"}
expect 401
problem unauthorized
not something else

step a user that is not there answers the same
send POST /v1/session
body {"user":"nobody.here","password":"something else"}
expect 401
problem unauthorized
has Name or password is wrong

step a user without a password of his own
send POST /v1/session
body {"user":"liu.desk","password":""}
expect 401
problem unauthorized

step no body
send POST /v1/session
expect 400
problem invalid

step an empty body
send POST /v1/session
bytes \x0a
expect 400
problem invalid

step a broken object: the place is named
send POST /v1/session
body {"user":"wang.desk","password":}
expect 400
problem invalid
has line 1, column [0-9]+

step an object that is not closed
send POST /v1/session
body {"user":"wang.desk","password":"x"
expect 400
problem invalid

step something after the object
send POST /v1/session
body {"user":"wang.desk","password":"x"} and more
expect 400
problem invalid

step an array at the top
send POST /v1/session
body ["user","password"]
expect 400
problem invalid
has a JSON object is expected

step a form instead of JSON
send POST /v1/session
header Content-Type: application/x-www-form-urlencoded
body user=wang.desk&password=x
expect 400
problem invalid

step no user
send POST /v1/session
body {"password":"x"}
expect 400
problem invalid
has /user: missing

step a number where a text is wanted
send POST /v1/session
body {"user":"wang.desk","password":12345}
expect 400
problem invalid
has /password: must be a text

step null where a text is wanted
send POST /v1/session
body {"user":null,"password":"x"}
expect 400
problem invalid
has /user: must be a text

step a member twice
send POST /v1/session
body {"user":"wang.desk","user":"chen.op","password":"x"}
expect 400
problem invalid
has duplicate

step bytes that are not UTF-8
send POST /v1/session
bytes {"user":"wang\xff.desk","password":"x"}
expect 400
problem invalid

step an overlong form of UTF-8
send POST /v1/session
bytes {"user":"\xc0\xaf","password":"x"}
expect 400
problem invalid

step half a surrogate
send POST /v1/session
body {"user":"\ud800","password":"x"}
expect 400
problem invalid

step NUL in a text
send POST /v1/session
body {"user":"wang.desk\u0000","password":"x"}
expect 400
problem invalid

step a NUL byte in the body
send POST /v1/session
bytes {"user":"wang.desk",\x00"password":"x"}
expect 400
problem invalid

step 32 levels are read
send POST /v1/session
body {"user":"wang.desk","password":"x","deep":
fill 31 [
fill 31 ]
body }
expect 401
problem unauthorized

step 33 levels are not
send POST /v1/session
body {"user":"wang.desk","password":"x","deep":
fill 32 [
fill 32 ]
body }
expect 413
problem too-big
has 32 levels

step a million levels
send POST /v1/session
fill 1000000 [
expect 413
problem too-big

step a name of 100,000 characters
send POST /v1/session
body {"user":"
fill 100000 x
body ","password":"x"}
expect 401
problem unauthorized

step a token that has ended by time
sql UPDATE sessions SET until = 1 WHERE user = 'feng.desk'
send GET /v1/policy
as other
expect 401
problem unauthorized
has ended

step and again logged in
send POST /v1/session
body {"user":"feng.desk","password":"a word for tests"}
expect 200
save other "token":"([^"]+)"

step a token nobody got
send GET /v1/policy
header Authorization: Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
expect 401
problem unauthorized

step a token with letters it cannot have
send GET /v1/policy
header Authorization: Bearer ../../etc/passwd
expect 401
problem unauthorized

step a token of 4,000 letters
send GET /v1/policy
header Authorization: Bearer ${long}
expect 401
problem unauthorized

step another scheme
send GET /v1/policy
header Authorization: Basic d2FuZy5kZXNrOng=
expect 401
head ^WWW-Authenticate: Bearer
problem unauthorized

step the scheme in small letters
send GET /readyz
header Authorization: bearer ${desk}
expect 200
