/** Where people sign in. */
export const SIGN_IN_PATH = "/sign-in";
/** In its URL: the page to go back to once signed in, and that a session ended there. */
export const NEXT_PARAMETER = "next";
export const ENDED_PARAMETER = "ended";

/** Where a browser goes that wanted nothing in particular; that page decides what to show first. */
const FIRST_PAGE = "/";
/** Any origin does: it only tells an address of this one from another. */
const HERE = "http://here.invalid";
const ADDRESS_MAX = 2_000;

/** The sign-in page that leads back to an address; `hasEnded` when somebody was signed in there until now. */
export function pathOfSignIn(from: string, hasEnded = false): string {
  const next = ownAddress(from);
  const parameters = new URLSearchParams(next === null || next === FIRST_PAGE ? {} : { [NEXT_PARAMETER]: next });
  if (hasEnded) parameters.set(ENDED_PARAMETER, "1");
  const query = parameters.toString();
  return query === "" ? SIGN_IN_PATH : `${SIGN_IN_PATH}?${query}`;
}

/** Where to go after signing in: the first of the addresses that is a page of this origin, else the first page. */
export function pageAfterSignIn(...wanted: readonly (string | null)[]): string {
  return (
    wanted.map((address) => (address === null ? null : ownAddress(address))).find((page) => page !== null) ?? FIRST_PAGE
  );
}

/** An address as path and query; null when it leads away from here, to what is no page, or back to signing in. */
function ownAddress(address: string): string | null {
  if (!address.startsWith("/") || address.length > ADDRESS_MAX || !URL.canParse(address, HERE)) return null;
  const { origin, pathname, searchParams } = new URL(address, HERE);
  if (origin !== HERE || pathname.startsWith("/api/") || pathname === SIGN_IN_PATH || pathname === "/sign-out")
    return null;
  // What the pages' own transport adds is not of the address.
  searchParams.delete("_rsc");
  const query = searchParams.toString();
  return query === "" ? pathname : `${pathname}?${query}`;
}
