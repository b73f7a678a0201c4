import type { SavedView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { Icon } from "@slipway/ui/icon";
import { Popover } from "@slipway/ui/popover";
import { useToasts } from "@slipway/ui/toast";
import { type SyntheticEvent, useState } from "react";
import { useAction } from "../../trpc/use-action.ts";
import { type ListQuery, listAddress, queryOfView, viewText } from "./list-query.ts";
import { useSavedViews } from "./use-saved-views.ts";

type Props = { query: ListQuery; choose: (next: ListQuery) => void; first: readonly SavedView[] };

/** Views under a name: everybody's, then one's own, which are kept for the next visit. A view is shared by its address. */
export function ViewMenu({ query, choose, first }: Props) {
  const { views, keep, drop } = useSavedViews(first);
  const toasts = useToasts();
  const text = viewText(query);
  const open = views.find((view) => view.query === text);
  const remove = async (view: SavedView) => {
    await drop(view);
    toasts.show({ words: `View ${view.name} is removed.`, undo: { run: () => keep(view.name, view.query) } });
  };
  return (
    <Popover word={open?.name ?? "Views"} icon="bookmark">
      {(close) => (
        <>
          <ul>
            {views.map((view) => (
              <li key={view.id ?? view.name} className="flex items-center gap-1">
                <a
                  href={listAddress(queryOfView(view.query, query.group))}
                  aria-current={view === open ? "true" : undefined}
                  onClick={(event) => {
                    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                    event.preventDefault();
                    choose(queryOfView(view.query, query.group));
                    close();
                  }}
                  className={`wrap-anywhere flex min-h-8 flex-1 items-center gap-2 rounded-md px-2 hover:bg-hover ${
                    view === open ? "font-semibold text-accent" : ""
                  }`}
                >
                  {view.name}
                </a>
                {view.id === null ? null : (
                  <Button look="quiet" aria-label={`Remove view ${view.name}`} onClick={() => void remove(view)}>
                    <Icon name="trash" />
                  </Button>
                )}
              </li>
            ))}
          </ul>
          {open === undefined ? <KeepForm keep={(name) => keep(name, text)} /> : null}
        </>
      )}
    </Popover>
  );
}

/** Keeps what is shown now under a name. */
function KeepForm({ keep }: { keep: (name: string) => Promise<void> }) {
  const [name, setName] = useState("");
  const { isPending, failure, run } = useAction();
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    void run(() => keep(name)).then((kept) => (kept === null ? undefined : setName("")));
  };
  return (
    <form onSubmit={submit} className="mt-1 border-line border-t px-2 pt-2 pb-1">
      <label className="block text-ink-soft">
        Keep this view as
        <span className="mt-1 flex gap-2">
          <input
            value={name}
            required
            maxLength={60}
            autoComplete="off"
            onChange={({ target }) => setName(target.value)}
            className="min-h-8 w-full min-w-0 rounded-md border border-outline bg-surface px-2 text-ink"
          />
          <Button type="submit" disabled={isPending}>
            Keep
          </Button>
        </span>
      </label>
      {failure === null ? null : (
        <p role="alert" className="mt-1 text-bad">
          {failure.words} {failure.check}
        </p>
      )}
    </form>
  );
}
