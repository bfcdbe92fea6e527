"""Differences without secrets: what is shown, logged and put into reports is passed through here.

Like `show running-config sanitized`, the value goes and the line stays, so a changed password is
still seen as a change.
"""

import re

REMOVED = "<removed>"

_FREE_TEXT = re.compile(r"^[-+ ]\s*(description|!!)")
_VALUES = re.compile(
    r"("
    # a keyword, perhaps a name or algorithm, and the type of encryption
    r"\b(?:secret|password|passphrase|[\w-]*key|md5)(?: \S+){0,2}? (?:0|5|7|8a)(?= )"
    r"|\b(?:secret|password) sha512"
    r"|\b(?:secret|password|passphrase)(?! (?:0|5|7|8a|sha512|minimum|encryption|policy)\b)"
    r"|\bsnmp-server community"
    r"|\b(?:auth|priv) (?:md5|des|3des|sha\d*|aes\d*)"
    r"|-\w*auth=\S*?,"  # TerminAttr: -cvauth=key,<value>
    r")( ?)\S+"
)


def redact(text: str) -> str:
    """Return the text with the values of passwords, keys, hashes and communities removed."""
    return "\n".join(
        line if _FREE_TEXT.match(line) else _VALUES.sub(rf"\1\2{REMOVED}", line)
        for line in text.split("\n")
    )
