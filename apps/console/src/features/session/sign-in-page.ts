/** Where a browser goes once it is signed in; that page decides what to show first. */
export const PAGE_AFTER_SIGN_IN = "/";
