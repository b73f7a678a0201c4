import { pathOfSignIn, SIGN_IN_PATH } from "./sign-in-page.ts";

let isLeaving = false;

/**
 * Leads from a page whose session ended to signing in, and from there back to the page. What is typed there is kept by
 * whoever holds it, which `isSigningInAgain` tells while the page is left.
 */
export function signInAgain(): void {
  if (isLeaving || window.location.pathname === SIGN_IN_PATH) return;
  isLeaving = true;
  // A browser may show the very page again when one goes back to it.
  window.addEventListener("pageshow", () => (isLeaving = false), { once: true });
  const { pathname, search } = window.location;
  window.location.assign(pathOfSignIn(`${pathname}${search}`, true));
}

/** Whether the page is being left because its session ended: nothing must ask whether to stay. */
export function isSigningInAgain(): boolean {
  return isLeaving;
}
