import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useState } from "react";
import { guardLeaving } from "../frame/leave-guard.ts";
import { isSigningInAgain } from "../session/sign-in-again.ts";
import { SIGN_IN_PATH } from "../session/sign-in-page.ts";

/** Where one would go: an address, or back to where one came from. */
type Away = { to: string } | "back";

export type Leaving = {
  /** Whether the person is asked just now. */
  isAsked: boolean;
  stay: () => void;
  leave: () => void;
  /** Goes to a page without a question, from a form that is done. */
  goOn: (path: string) => void;
};

/** In the state of a history entry: the page itself, or the step in front of it that Back takes first. */
const STEP = "slipwayEditor";

/**
 * Asks before anything leads away from unsaved edits: a link, a key or the palette, and the browser's Back. Closing the tab
 * is asked about by the browser itself. `above` is where Back leads when the page is the first one of its tab.
 */
export function useLeaveGuard(isUnsaved: boolean, above: string): Leaving {
  const router = useRouter();
  const [asked, setAsked] = useState<Away | null>(null);
  const onBack = useEffectEvent((event: PopStateEvent) => {
    if (stepOf(event.state) !== "page") return;
    if (isUnsaved) setAsked("back");
    else goBack();
  });

  useEffect(() => {
    if (!isUnsaved) return;
    addStep();
    const onUnload = (event: BeforeUnloadEvent) => {
      if (!isSigningInAgain()) event.preventDefault();
    };
    const onClick = (event: MouseEvent) => {
      const to = pathOfClick(event);
      if (to === null) return;
      event.preventDefault();
      event.stopPropagation();
      setAsked({ to });
    };
    const release = guardLeaving((to) => setAsked({ to }));
    window.addEventListener("beforeunload", onUnload);
    document.addEventListener("click", onClick, { capture: true });
    return () => {
      release();
      window.removeEventListener("beforeunload", onUnload);
      document.removeEventListener("click", onClick, { capture: true });
    };
  }, [isUnsaved]);
  useEffect(() => {
    window.addEventListener("popstate", onBack);
    return () => window.removeEventListener("popstate", onBack);
  }, []);

  function goBack() {
    // The page and the step in front of it are two entries; when there are no more, nothing is behind the page.
    if (window.history.length > 2) window.history.back();
    else router.replace(above);
  }
  function goOn(path: string) {
    // In place of the step, which then takes nobody's press any more.
    if (stepOf(window.history.state) === "step") router.replace(path);
    else router.push(path);
  }
  return {
    isAsked: asked !== null,
    stay() {
      if (asked === "back") window.history.forward();
      setAsked(null);
    },
    leave() {
      if (asked === "back") goBack();
      else if (asked !== null) goOn(asked.to);
    },
    goOn,
  };
}

/** Puts a step in front of the page, which is the same page: Back comes to the page from it and can be heard. */
function addStep(): void {
  const { state } = window.history;
  if (stepOf(state) === "step") return;
  window.history.replaceState({ ...state, [STEP]: "page" }, "");
  window.history.pushState({ ...state, [STEP]: "step" }, "");
}

function stepOf(state: unknown): unknown {
  return typeof state === "object" && state !== null && STEP in state ? state[STEP] : undefined;
}

/** Where a click on a link would lead within the console; null when it leads nowhere else, or not from this page. */
function pathOfClick(event: MouseEvent): string | null {
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return null;
  const { pathname, search, origin } = window.location;
  const isHere = link.pathname === pathname && link.search === search;
  // To sign in again, what is typed goes along.
  if (link.pathname === SIGN_IN_PATH) return null;
  if (isHere || link.origin !== origin || link.target === "_blank" || link.hasAttribute("download")) return null;
  return `${link.pathname}${link.search}`;
}
