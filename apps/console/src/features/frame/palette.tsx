"use client";
import { Icon } from "@slipway/ui/icon";
import { useToasts } from "@slipway/ui/toast";
import { usePathname, useSearchParams } from "next/navigation";
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { failureOf } from "../../trpc/failure.ts";
import { TrpcProvider } from "../../trpc/provider.tsx";
import { targetOfResource } from "../deployment/deployment-details.ts";
import { DEFAULT_GROUP_NAME, GROUP_PARAMETER } from "./group.ts";
import { type Effect, type PaletteItem, paletteItems, searchOf } from "./palette-items.ts";
import { PaletteList } from "./palette-list.tsx";
import { useGo } from "./use-go.ts";
import { useGroups } from "./use-groups.ts";
import { usePaletteSearch } from "./use-palette-search.ts";
import { hereZone, usePreferences } from "./use-preferences.tsx";

type Props = { gatewayUrl: string; onClose: () => void; openHelp: () => void };

/** One field that finds every page and object and does what can be done with them. The browser gives the focus back. */
export default function Palette(props: Props) {
  return (
    <TrpcProvider>
      <PaletteDialog {...props} />
    </TrpcProvider>
  );
}

function PaletteDialog({ gatewayUrl, onClose, openHelp }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const listId = useId();
  const [text, setText] = useState("");
  const [marked, setMarked] = useState(0);
  const group = useSearchParams().get(GROUP_PARAMETER) ?? DEFAULT_GROUP_NAME;
  const pathname = usePathname();
  const { groups } = useGroups();
  const { found, isSearching, isError } = usePaletteSearch(searchOf(text), group);
  const items = paletteItems({ text, group, pathname, gatewayUrl, groups, ...found });
  const chosen = Math.min(marked, Math.max(0, items.length - 1));
  const perform = usePerform(openHelp);
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);

  function choose(item: PaletteItem | undefined) {
    if (item === undefined) return;
    onClose();
    void perform(item.effect);
  }

  function onKeyDown(event: KeyboardEvent) {
    const last = items.length - 1;
    const to = { ArrowDown: chosen === last ? 0 : chosen + 1, ArrowUp: chosen === 0 ? last : chosen - 1 };
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setMarked(to[event.key]);
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      choose(items[chosen]);
    }
  }

  return (
    <dialog
      ref={element}
      aria-label="Search and do anything"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={({ target, currentTarget }) => target === currentTarget && onClose()}
      onKeyDown={onKeyDown}
      className="mx-auto mt-[10dvh] mb-auto w-[min(40rem,calc(100vw-2rem))] rounded-xl border border-line bg-surface p-0 text-ink shadow-lg backdrop:bg-black/50"
    >
      <div className="flex max-h-[75dvh] flex-col">
        <div className="relative border-line border-b p-2">
          <Icon name="search" className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-5 text-ink-soft" />
          <input
            role="combobox"
            aria-label="Search and do anything"
            aria-expanded={items.length > 0}
            aria-controls={listId}
            aria-autocomplete="list"
            {...(items.length === 0 ? {} : { "aria-activedescendant": `${listId}-${chosen}` })}
            autoComplete="off"
            spellCheck={false}
            placeholder="Name, page or action, as in “scale iris”"
            value={text}
            onChange={({ target }) => {
              setText(target.value);
              setMarked(0);
            }}
            className="min-h-10 w-full rounded-md bg-surface pr-3 pl-10 text-ink placeholder:text-ink-soft"
          />
        </div>
        <PaletteList id={listId} items={items} marked={chosen} mark={setMarked} choose={choose} />
        <p role="status" className="border-line border-t px-4 py-2 text-ink-soft text-xs">
          {isError ? "Slipway does not answer; only pages and settings are found. " : ""}
          {found.isPart ? "Not everything could be searched. " : ""}
          {items.length === 0 && !isSearching ? "Nothing is found." : `${items.length} found`}
        </p>
      </div>
    </dialog>
  );
}

/** Does what a line says. */
function usePerform(openHelp: () => void): (effect: Effect) => Promise<void> {
  const go = useGo();
  const toasts = useToasts();
  const { choose } = usePreferences();
  return async (effect) => {
    switch (effect.do) {
      case "go":
        return go(effect.path);
      case "theme":
        return choose("theme", effect.theme);
      case "time":
        return choose("time", { of: effect.of, zone: effect.of === "utc" ? "UTC" : hereZone() });
      case "help":
        return openHelp();
      case "copy":
        return navigator.clipboard.writeText(effect.text).then(
          () => toasts.show({ words: `${effect.what} is copied.` }),
          () => toasts.show({ words: `${effect.what} could not be copied.`, tone: "failed" }),
        );
      case "start":
        return start(effect, toasts);
      default:
        return effect satisfies never;
    }
  };
}

async function start({ resource }: Extract<Effect, { do: "start" }>, toasts: ReturnType<typeof useToasts>) {
  try {
    const started = await trpc.resource.start.mutate(targetOfResource(resource));
    const stop = async () => void (await trpc.resource.stop.mutate(targetOfResource(started)));
    toasts.show({ words: `${started.metadata.name} starts.`, undo: { run: stop } });
  } catch (error) {
    toasts.show({ words: failureOf(error).words, tone: "failed" });
  }
}
