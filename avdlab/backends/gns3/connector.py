"""The way to a GNS3 server: a `gns3fy.Gns3Connector` that speaks API v2 (2.2) and v3 (3.x).

People's own gns3fy scripts can be given it in place of gns3fy's: `gns3fy.Project(connector=...)`.
gns3fy 0.5.2 itself knows v2 only, has no timeouts and hides what the server said; so here are

* the login: HTTP Basic for v2; for v3 a token, asked for once and again when it has expired
  (3.0's password check stops the whole server for a quarter of a second),
* a JSON body in every POST: 3.0 answers 422 to a start without one,
* a timeout for every call, and errors with the server's own words.
"""

import threading
import warnings
from functools import partial
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth

from avdlab.backends.gns3.errors import KINDS, Gns3Error, LoginError, NoAnswerError, read_message

with warnings.catch_warnings():  # gns3fy uses pydantic's old validators, and says so at import
    warnings.simplefilter("ignore")
    import gns3fy

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 60.0
LONG_SECONDS = 300.0  # start, stop, open, delete: the server itself gives up after 240 s
SLOW = ("/start", "/stop", "/suspend", "/reload", "/open", "/close")  # people's own scripts, too
CONNECTIONS = 32


class Connector(gns3fy.Gns3Connector):  # type: ignore[misc]  # gns3fy ships no types
    """A session with a GNS3 server. `version` is the server's, `api` 2 or 3.

    Raises NoAnswerError, LoginError, Gns3Error; and NoAnswerError for what is no GNS3 server.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:3080",
        user: str = "",
        cred: str = "",
        *,
        verify: bool = True,
        timeout: float = ANSWER_SECONDS,
    ) -> None:
        self.url = url.rstrip("/")
        self.user = user
        self.cred = cred
        self.verify = verify
        self.timeout = timeout
        self.headers = {"Content-Type": "application/json"}
        self.api_calls = 0
        self._login_lock = threading.Lock()
        self._create_session()
        self.version, self.api = self._probe()
        self.base_url = f"{self.url}/v{self.api}"
        self._log_in()

    def __repr__(self) -> str:
        return f"Connector({self.url!r}, version={self.version!r})"

    def _create_session(self) -> None:
        self.session = requests.Session()
        self.session.headers["Accept"] = "application/json"
        adapter = HTTPAdapter(pool_maxsize=CONNECTIONS)
        self.session.mount("http://", adapter)
        self.session.mount("https://", adapter)

    # ------------------------------------------------------------------ who answers
    def _probe(self) -> tuple[str, int]:
        """Ask for the version, v3 first: it answers without a login, and 2.2 says 404 to it."""
        for api in (3, 2):
            auth = HTTPBasicAuth(self.user, self.cred) if api == 2 and self.user else _NoAuth()
            response = self._send("GET", f"{self.url}/v{api}/version", auth=auth)
            if response.status_code == requests.codes.not_found:
                continue
            if response.status_code == requests.codes.unauthorized:
                raise self._login_refused(f"GET /v{api}/version")
            version = _version(response)
            if version:
                return version, api
            break
        raise NoAnswerError(
            f"{self.url} is no GNS3 server: it answers, but not as one",
            hint="Check the address and the port (gns3_server; GNS3's own default is 3080).",
        )

    def _log_in(self) -> None:
        if self.api == 2:
            self.session.auth = HTTPBasicAuth(self.user, self.cred) if self.user else _NoAuth()
            return
        path = "/v3/access/users/authenticate"
        if not self.user:
            raise LoginError(
                f"{self.url} asks for a user (GNS3 {self.version})",
                hint="Set AVDLAB_GNS3_USER and AVDLAB_GNS3_PASSWORD.",
            )
        body = {"username": self.user, "password": self.cred}
        response = self._send("POST", f"{self.url}{path}", json=body, auth=_NoAuth())
        if response.status_code == requests.codes.unauthorized:
            raise self._login_refused(f"POST {path}")
        _raise_for(response, f"POST {path}", "")
        try:
            token = str(response.json()["access_token"])
        except (ValueError, KeyError, TypeError):
            raise Gns3Error("the server gave no token", call=f"POST {path}") from None
        self.session.auth = _Bearer(token)

    def _login_refused(self, call: str) -> LoginError:
        who = f"user '{self.user}': wrong user or password" if self.user else "calls without a user"
        return LoginError(
            f"{self.url} refuses {who}",
            call=call,
            status=requests.codes.unauthorized,
            hint="Check AVDLAB_GNS3_USER and AVDLAB_GNS3_PASSWORD.",
        )

    @property
    def token(self) -> str:
        """The token of API v3 (its WebSockets want it in the address), "" for v2."""
        return self.session.auth.token if isinstance(self.session.auth, _Bearer) else ""

    # ------------------------------------------------------------------ calls
    def http_call(  # gns3fy's own name and arguments
        self,
        method: str,
        url: str,
        data: Any = None,  # noqa: ANN401 (bytes or text)
        json_data: Any = None,  # noqa: ANN401 (JSON)
        headers: dict[str, str] | None = None,
        verify: bool | None = None,  # gns3fy's own calls say False: what was set decides
        params: dict[str, str] | None = None,
        *,
        timeout: float | None = None,
        about: str = "",
    ) -> requests.Response:
        """Make a call; `about` names what it is for in an error. An empty answer is JSON `{}`."""
        verb = method.upper()
        call = f"{verb} {url.removeprefix(self.url)}"
        if data is None and json_data is None and verb in {"POST", "PUT"}:
            json_data = {}
        if timeout is None and url.endswith(SLOW):
            timeout = LONG_SECONDS
        before = self.session.auth
        send = partial(
            self._send,
            verb,
            url,
            data=data,
            json=json_data if data is None else None,
            headers=headers,
            params=params,
            timeout=timeout,
            about=about,
        )
        response = send()
        if response.status_code == requests.codes.unauthorized:
            self._log_in_again(before, call)
            response = send()
        if response.status_code == requests.codes.unauthorized:
            raise self._login_refused(call)
        _raise_for(response, call, about)
        if verb != "GET" and not response.content:
            response._content = b"{}"  # gns3fy reads JSON from every answer, 3.x sends 204
        return response

    def _log_in_again(self, before: object, call: str) -> None:
        """Get a new token in place of an expired one; threads that come late find it made."""
        if self.api == 2:
            raise self._login_refused(call)
        with self._login_lock:
            if self.session.auth is before:
                self._log_in()

    def _send(
        self,
        method: str,
        url: str,
        *,
        about: str = "",
        timeout: float | None = None,
        **given: Any,  # noqa: ANN401 (for requests)
    ) -> requests.Response:
        call = f"{method} {url.removeprefix(self.url)}"
        self.api_calls += 1
        try:
            return self.session.request(
                method,
                url,
                verify=self.verify,
                timeout=(CONNECT_SECONDS, timeout or self.timeout),
                **given,
            )
        except requests.exceptions.SSLError as exc:
            raise NoAnswerError(
                f"the certificate of {self.url} is not trusted ({exc})",
                call=call,
                hint="Set gns3_verify: false for a server with a certificate of its own.",
            ) from exc
        except requests.exceptions.Timeout as exc:
            seconds = timeout or self.timeout
            said = f"{self.url} did not answer within {seconds:.0f} s"
            raise NoAnswerError(said, call=call, about=about) from exc
        except requests.exceptions.InvalidURL as exc:
            raise NoAnswerError(f"'{self.url}' is no address of a server ({exc})") from exc
        except requests.exceptions.RequestException as exc:
            raise NoAnswerError(
                f"no GNS3 server answers at {self.url} ({_reason(exc)})",
                call=call,
                about=about,
                hint="Start gns3server, or set gns3_server to where it listens.",
            ) from exc


class _Bearer(AuthBase):
    """The token of API v3. As an `auth` it also keeps a ~/.netrc from taking its place."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class _NoAuth(AuthBase):
    """No login at all, not even one from ~/.netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def _raise_for(response: requests.Response, call: str, about: str) -> None:
    if response.status_code >= requests.codes.bad_request:
        kind = KINDS.get(response.status_code, Gns3Error)
        said = read_message(response.text, response.status_code)
        raise kind(said, call=call, status=response.status_code, about=about)


def _version(response: requests.Response) -> str:
    try:
        data = response.json()
    except ValueError:
        return ""
    version = data.get("version") if isinstance(data, dict) else None
    return version if isinstance(version, str) else ""


def _reason(exc: Exception) -> str:
    """Return the last words of a chain of wrapped errors: what the system said."""
    text = str(exc)
    for known in ("Connection refused", "Name or service not known", "No route to host"):
        if known in text:
            return known.lower()
    if isinstance(exc, requests.exceptions.ConnectTimeout):
        return "no answer in time"
    if "Connection reset" in text or "RemoteDisconnected" in text or "Connection aborted" in text:
        return "it closed the connection"
    return type(exc).__name__ if len(text) > 200 else text
