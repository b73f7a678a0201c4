import { useEffect, useState } from "react";

/**
 * Asks before a link leads away from unsaved edits; `asked` is where it would lead. Closing the tab is asked about by the
 * browser itself.
 */
export function useLeaveGuard(isUnsaved: boolean): { asked: string | null; stay: () => void } {
  const [asked, setAsked] = useState<string | null>(null);
  useEffect(() => {
    if (!isUnsaved) return;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const isAway = link.origin === window.location.origin && link.pathname !== window.location.pathname;
      if (!isAway || link.target === "_blank" || link.hasAttribute("download")) return;
      event.preventDefault();
      event.stopPropagation();
      setAsked(`${link.pathname}${link.search}`);
    };
    window.addEventListener("beforeunload", onUnload);
    document.addEventListener("click", onClick, { capture: true });
    return () => {
      window.removeEventListener("beforeunload", onUnload);
      document.removeEventListener("click", onClick, { capture: true });
    };
  }, [isUnsaved]);
  return { asked, stay: () => setAsked(null) };
}
