"use client";
import { SearchField } from "@slipway/ui/search-field";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { GROUP_PARAMETER } from "../frame/group.ts";
import { type ModelsQuery, pathOfModels } from "./model-path.ts";

/** Typing faster than this asks the server once. */
const SETTLE_MS = 200;

/** Searches while somebody types; it stands in the address, so that a link shows the same. */
export function ModelsSearch({ query }: { query: ModelsQuery }) {
  const router = useRouter();
  const [typed, setTyped] = useState(query.search);
  const asked = useRef(query.search);
  useEffect(() => {
    if (typed === asked.current) return;
    const timer = setTimeout(() => {
      asked.current = typed;
      router.replace(pathOfModels({ ...query, search: typed, after: "" }), { scroll: false });
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [typed, query, router]);
  return (
    <form action="/models" onSubmit={(event) => event.preventDefault()} className="mb-4 max-w-md">
      <input type="hidden" name={GROUP_PARAMETER} value={query.group} />
      <SearchField
        label="Search models"
        name="search"
        value={typed}
        maxLength={200}
        onChange={({ target }) => setTyped(target.value)}
      />
    </form>
  );
}
