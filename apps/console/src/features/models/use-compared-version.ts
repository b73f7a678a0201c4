import { useSearchParams } from "next/navigation";

const COMPARE_PARAMETER = "compare";

/** The version that an address sets beside the one that is shown; null for none. */
export function useComparedVersion(): [version: number | null, choose: (version: number | null) => void] {
  const number = Number(useSearchParams().get(COMPARE_PARAMETER) ?? "");
  return [
    Number.isInteger(number) && number > 0 ? number : null,
    (version) => {
      const url = new URL(window.location.href);
      if (version === null) url.searchParams.delete(COMPARE_PARAMETER);
      else url.searchParams.set(COMPARE_PARAMETER, String(version));
      window.history.replaceState(null, "", url);
    },
  ];
}
