import { SearchField } from "@slipway/ui/search-field";
import { useState } from "react";
import type { QueryHandle } from "./use-list-query.ts";

type Props = Pick<QueryHandle, "type" | "searchSetAnew"> & { search: string };

/** The field of the list's search. It shows each letter at once, whatever the page has to draw for it. */
export function ListSearch({ search, type, searchSetAnew }: Props) {
  const [text, setText] = useState(search);
  const [seen, setSeen] = useState(searchSetAnew);
  if (seen !== searchSetAnew) {
    setSeen(searchSetAnew);
    setText(search);
  }
  return (
    <SearchField
      label="Search name, model, label or address"
      placeholder="Search name, model, label…"
      value={text}
      maxLength={200}
      onChange={({ target }) => {
        setText(target.value);
        type(target.value);
      }}
      className="w-full sm:w-80"
    />
  );
}
