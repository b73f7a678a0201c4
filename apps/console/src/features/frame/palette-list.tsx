import { Icon } from "@slipway/ui/icon";
import { useEffect, useRef } from "react";
import type { PaletteItem } from "./palette-items.ts";

type Props = {
  id: string;
  items: readonly PaletteItem[];
  marked: number;
  mark: (place: number) => void;
  choose: (item: PaletteItem) => void;
};

/** The lines of the palette, under the name of their section; the field keeps the focus and points at the marked one. */
export function PaletteList({ id, items, marked, mark, choose }: Props) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    element.current?.querySelectorAll("[role=option]")[marked]?.scrollIntoView({ block: "nearest" });
  }, [marked]);
  return (
    <div ref={element} id={id} role="listbox" aria-label="Found" className="min-h-0 flex-1 overflow-y-auto p-2">
      {sectionsOf(items).map(({ section, begin, lines }) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset may not stand in a listbox
        <div key={`${section} ${begin}`} role="group" aria-label={section}>
          <p aria-hidden="true" className="px-3 pt-2 pb-1 text-ink-soft text-xs">
            {section}
          </p>
          {lines.map((item, place) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's
            // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
            <div
              key={item.id}
              id={`${id}-${begin + place}`}
              role="option"
              aria-selected={begin + place === marked}
              onClick={() => choose(item)}
              onPointerMove={() => mark(begin + place)}
              className="flex min-h-9 cursor-pointer items-center gap-3 rounded-md px-3 text-sm aria-selected:bg-busy-soft"
            >
              <Icon name={item.icon} className="text-ink-soft" />
              <span className="wrap-anywhere min-w-0">{item.words}</span>
              <span className="ml-auto truncate text-ink-soft text-xs">{item.hint}</span>
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

type Section = { section: string; begin: number; lines: PaletteItem[] };

function sectionsOf(items: readonly PaletteItem[]): Section[] {
  const sections: Section[] = [];
  for (const [place, item] of items.entries()) {
    const last = sections.at(-1);
    if (last?.section === item.section) last.lines.push(item);
    else sections.push({ section: item.section, begin: place, lines: [item] });
  }
  return sections;
}
