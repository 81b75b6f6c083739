# Into Pulp's settings.py: whom nginx names is signed in.
AUTHENTICATION_JSON_HEADER = "HTTP_X_AUTHENTICATION_SERVICE"
AUTHENTICATION_JSON_HEADER_JQ_FILTER = ".identity.user.username"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.RemoteUserBackend"]
REST_FRAMEWORK__DEFAULT_AUTHENTICATION_CLASSES = [
    "pulpcore.app.authentication.JSONHeaderRemoteAuthentication",
]
