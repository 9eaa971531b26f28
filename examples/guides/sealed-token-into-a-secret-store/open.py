"""Opens a sealed token. It needs the package jwcrypto.

TFE_SEALING_KEY is in the environment, and the sealed token is the standard input.
"""

import json
import os
import sys

from jwcrypto import jwe, jwk

# The key in base64url, as a JWK has it.
key = os.environ["TFE_SEALING_KEY"].strip().translate(str.maketrans("+/", "-_")).rstrip("=")
sealed = jwe.JWE()
sealed.deserialize(sys.stdin.read().strip(), jwk.JWK(kty="oct", k=key))
print(json.dumps(sealed.jose_header, indent=2), file=sys.stderr)
print(sealed.payload.decode())
