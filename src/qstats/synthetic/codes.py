"""What is the check character of an enterprise's code?

Organisation code (组织机构代码): GB 11714-1997, weights 3 7 9 10 5 8 4 2, modulus 11.
Unified social credit code (统一社会信用代码): GB 32100-2015, weights 3^i, modulus 31.
"""

import numpy as np

ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = np.array([pow(3, i, 31) for i in range(17)])


def organisation_check_character(body: str) -> str:
    """Check character of an organisation code's first eight characters: 0–9 or X."""
    digits = np.array([ORGANISATION_ALPHABET.index(c) for c in body])
    return "0123456789X0"[11 - int(digits @ ORGANISATION_WEIGHTS) % 11]


def credit_check_character(body: str) -> str:
    """Check character of a unified social credit code's first seventeen characters."""
    digits = np.array([CREDIT_ALPHABET.index(c) for c in body])
    return CREDIT_ALPHABET[-(int(digits @ CREDIT_WEIGHTS)) % 31]


def organisation_code(number: int) -> str:
    """Organisation code with its hyphen, such as ``70000001-6``, of a running number below 10⁸."""
    body = f"{number:08d}"
    return f"{body}-{organisation_check_character(body)}"


def credit_code(county_code: str, organisation: str) -> str:
    """Unified social credit code of an enterprise registered in a county (six digits)."""
    body = "91" + county_code + organisation.replace("-", "")
    return body + credit_check_character(body)
