"""django-oauth-toolkit as a judge of the engine: a whole Django project in one file.

Its database is a file in the folder it is started in, and all its secrets are new at every start. It prints one line of JSON when
it listens: its issuer, the clients it knows, and who may sign in. The tests read that line instead of agreeing with this file on
names and secrets.
"""

import json
import secrets
from pathlib import Path

import django
from django.conf import settings
from gunicorn.app.base import BaseApplication
from jwcrypto.jwk import JWK

LOGIN_PAGE = """<!doctype html><title>Sign in</title>
<form method="post">{% csrf_token %}{{ form.as_p }}<button type="submit">Sign in</button></form>"""

settings.configure(
    SECRET_KEY=secrets.token_urlsafe(32),
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["127.0.0.1"],
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "oauth2_provider",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "context_processors": ["django.template.context_processors.request"],
                "loaders": [
                    ("django.template.loaders.locmem.Loader", {"registration/login.html": LOGIN_PAGE}),
                    "django.template.loaders.app_directories.Loader",
                ],
            },
        }
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(Path.cwd() / "toolkit.sqlite3"),
            # Nobody will miss it after a crash.
            "OPTIONS": {"init_command": "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY"},
        }
    },
    # The tables as they are today, not through the history of how they became so.
    MIGRATION_MODULES={app: None for app in ["auth", "contenttypes", "sessions", "oauth2_provider"]},
    # Slow hashes are for secrets that outlive a test.
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    LOGIN_URL="/accounts/login/",
    OAUTH2_PROVIDER={
        "SCOPES": {"openid": "Who you are", "profile": "Your name", "email": "Your address", "read": "Reading"},
        "OIDC_ENABLED": True,
        "OIDC_RSA_PRIVATE_KEY": JWK.generate(kty="RSA", size=2048).export_to_pem(True, None).decode(),
        "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
        # Refresh tokens rotate by default; that a second use ends their whole family has to be asked for.
        "REFRESH_TOKEN_REUSE_PROTECTION": True,
        "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
        "DCR_ENABLED": True,
        "DCR_REGISTRATION_PERMISSION_CLASSES": ("oauth2_provider.dcr.AllowAllDCRPermission",),
        "OAUTH2_VALIDATOR_CLASS": f"{__name__}.Validator",
    },
)
django.setup()

# Everything below needs the settings above.
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.auth.views import LoginView  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import include, path  # noqa: E402
from oauth2_provider.models import Application  # noqa: E402
from oauth2_provider.oauth2_validators import OAuth2Validator  # noqa: E402
from oauth2_provider.urls import metadata_urlpatterns  # noqa: E402


class Validator(OAuth2Validator):
    """Gives a person claims beyond `sub`, each under its scope (OpenID Connect Core §5.4)."""

    oidc_claim_scope = {**OAuth2Validator.oidc_claim_scope, "preferred_username": "profile", "email": "email"}

    def get_additional_claims(self):
        return {
            "preferred_username": lambda request: request.user.username,
            "email": lambda request: request.user.email,
        }


urlpatterns = [
    # The RFC 8414 document stands at the root, with the issuer's path behind it (§3.1).
    path("", include((metadata_urlpatterns, "metadata"))),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("accounts/login/", LoginView.as_view()),
]


def application(client_id, **more):
    """Registers a client and returns what its owner is told."""
    secret = secrets.token_urlsafe(32)
    Application.objects.create(
        name=client_id,
        client_id=client_id,
        client_secret=secret,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        redirect_uris="http://127.0.0.1/callback",
        post_logout_redirect_uris="http://127.0.0.1/signed-out",
        **more,
    )
    return {"id": client_id, "secret": None if more["client_type"] == Application.CLIENT_PUBLIC else secret}


def populate():
    """Lays the database, registers the clients and the person; returns what the tests are told about them."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    password = secrets.token_urlsafe(16)
    User.objects.create_user("ada", email="ada@example.org", password=password)
    confidential, public = Application.CLIENT_CONFIDENTIAL, Application.CLIENT_PUBLIC
    clients = {
        "native": application("native", client_type=public, algorithm="RS256"),
        "confidential": application("confidential", client_type=confidential, algorithm="RS256"),
        # A key for HS256 has to be kept as it is (OpenID Connect Core §10.1).
        "signed_HS256": application("signed_HS256", client_type=confidential, algorithm="HS256", hash_client_secret=False),
    }
    return {"clients": clients, "person": {"login": "ada", "password": password}}


class Server(BaseApplication):
    """gunicorn, configured here instead of by a file, on a port the system chooses."""

    def __init__(self, known):
        self.known = known
        super().__init__()

    def load_config(self):
        self.cfg.set("bind", "127.0.0.1:0")
        # Threads share one process, so that a browser's idle connection keeps nobody waiting.
        self.cfg.set("threads", 4)
        self.cfg.set("when_ready", self.announce)
        self.cfg.set("accesslog", "-")
        self.cfg.set("access_log_format", "%(m)s %(U)s %(s)s")
        # It would stand in the home folder of whoever runs the tests.
        self.cfg.set("control_socket_disable", True)

    def load(self):
        return get_wsgi_application()

    def announce(self, arbiter):
        host, port = arbiter.LISTENERS[0].sock.getsockname()
        print(json.dumps({"issuer": f"http://{host}:{port}/o", **self.known}), flush=True)


if __name__ == "__main__":
    Server(populate()).run()
