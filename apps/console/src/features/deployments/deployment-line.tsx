import type { DeploymentRow } from "@slipway/contracts";
import { Icon } from "@slipway/ui/icon";
import { RelativeTime } from "@slipway/ui/relative-time";
import { ROLE } from "@slipway/ui/table-roles";
import Link from "next/link";
import { Fragment, memo, type ReactNode } from "react";
import { pathOfDeployment } from "../deployment/deployment-path.ts";
import { COLUMN, type ColumnName } from "./columns.ts";
import { DeploymentStatus } from "./deployment-status.tsx";
import { ATTENTION_WORDS } from "./facet-words.ts";
import { figure, modelWord, ownerWord, percent } from "./list-row.ts";
import { ReplicaCounts } from "./replica-counts.tsx";

type Props = {
  row: DeploymentRow;
  rate: DeploymentRow["rate"];
  columns: readonly ColumnName[];
  isCompact: boolean;
  isSelected: boolean;
  select: (uid: string, isRange: boolean) => void;
  withGroup: boolean;
  nowMs: number;
  action: (row: DeploymentRow) => ReactNode;
};

const LABELS_IN_NAME = 3;

/** One deployment: a line of the table, or a card. Drawn again only when something of it changed. */
export const DeploymentLine = memo(function DeploymentLine(props: Props) {
  const { row, columns, isCompact, isSelected, select, withGroup, action } = props;
  const pad = isCompact ? "@4xl:py-1.5" : "@4xl:py-3";
  return (
    <tr
      {...ROLE.row}
      data-name={row.name}
      data-uid={row.uid}
      className={`relative border-line border-b align-top last:border-b-0 hover:bg-hover @max-4xl:grid @max-4xl:grid-cols-2 @max-4xl:gap-3 @max-4xl:p-4 @max-4xl:pr-14 @max-4xl:@xl:grid-cols-4 ${
        isSelected ? "bg-busy-soft" : ""
      }`}
    >
      <td
        {...ROLE.cell}
        className={`@max-4xl:absolute @max-4xl:right-2 @max-4xl:top-2 @4xl:pl-4 ${isCompact ? "@4xl:py-0.5" : "@4xl:py-2"}`}
      >
        <label className="flex min-h-8 min-w-8 cursor-pointer items-center">
          <input
            type="checkbox"
            aria-label={`Select ${row.name}`}
            checked={isSelected}
            onChange={({ nativeEvent }) => select(row.uid, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)}
            className="size-4"
          />
        </label>
      </td>
      <th
        {...ROLE.rowheader}
        scope="row"
        className={`col-span-full font-normal @4xl:min-w-40 @4xl:max-w-60 @4xl:px-2 @5xl:px-3 ${pad}`}
      >
        <NameCell row={row} withGroup={withGroup} withLabels={!columns.includes("labels") && !isCompact} />
      </th>
      {columns.map((column) => (
        <td
          key={column}
          {...ROLE.cell}
          className={`@4xl:px-2 @5xl:px-3 ${pad} ${COLUMN[column].isFigure ? "whitespace-nowrap tabular-nums @4xl:text-right" : ""} ${
            column === "status" ? "col-span-full @4xl:max-w-72 @5xl:min-w-58" : ""
          }`}
        >
          <span aria-hidden="true" className="mb-0.5 block text-ink-soft text-xs @4xl:hidden">
            {COLUMN[column].title}
          </span>
          <Cell column={column} {...props} />
        </td>
      ))}
      <td {...ROLE.cell} className={`@4xl:pr-2 ${isCompact ? "@4xl:py-0.5" : "@4xl:py-2"}`}>
        {action(row)}
      </td>
    </tr>
  );
});

function NameCell({ row, withGroup, withLabels }: { row: DeploymentRow; withGroup: boolean; withLabels: boolean }) {
  const { name, title, group, visibility } = row;
  const labels = Object.entries(row.labels);
  return (
    <>
      <Link
        href={pathOfDeployment({ name, group })}
        prefetch={false}
        data-row-link=""
        className="wrap-anywhere inline-block rounded font-semibold text-accent underline-offset-4 hover:underline"
      >
        {title === "" ? name : title}
      </Link>
      <span className="wrap-anywhere flex flex-wrap items-center gap-x-2 text-ink-soft text-xs">
        {title === "" ? null : <span className="font-mono">{name}</span>}
        {withGroup ? <span>group {group}</span> : null}
        <span className="inline-flex items-center gap-1">
          <Icon name={visibility === "public" ? "globe" : "lock"} className="size-3!" />
          {visibility === "public" ? "Public" : "Private"}
        </span>
      </span>
      {withLabels && labels.length > 0 ? (
        <Labels labels={labels.slice(0, LABELS_IN_NAME)} more={labels.length - LABELS_IN_NAME} />
      ) : null}
    </>
  );
}

function Labels({ labels, more }: { labels: readonly (readonly [string, string])[]; more: number }) {
  return (
    <span className="mt-1 flex flex-wrap gap-1">
      {labels.map(([key, value]) => (
        <span key={key} className="wrap-anywhere rounded bg-quiet-soft px-1.5 py-0.5 text-ink-soft text-xs">
          {value === "" ? key : `${key}=${value}`}
        </span>
      ))}
      {more > 0 ? <span className="py-0.5 text-ink-soft text-xs">{more} more</span> : null}
    </span>
  );
}

function Cell({ column, row, rate, isCompact, nowMs }: Props & { column: ColumnName }): ReactNode {
  switch (column) {
    case "status":
      return <StatusCell row={row} isCompact={isCompact} />;
    case "type":
      return row.type;
    case "model":
      return <ModelName row={row} />;
    case "environment":
      return <span className="first-letter:uppercase inline-block">{row.environment}</span>;
    case "replicas":
      return <ReplicaCounts {...row.replicas} />;
    case "requests":
      return figure(rate?.requestsPerSecond);
    case "p95":
      return figure(rate?.p95Ms, " ms");
    case "errors":
      return (
        <span className={(rate?.serverErrorRate ?? 0) > 0 ? "font-medium text-bad" : ""}>
          {percent(rate?.serverErrorRate)}
        </span>
      );
    case "labels":
      return <Labels labels={Object.entries(row.labels)} more={0} />;
    case "owner":
      return ownerWord(row.createdBy);
    case "updated":
      return <RelativeTime iso={row.updatedAt} nowMs={nowMs} />;
    default:
      return column satisfies never;
  }
}

/** The status in three parts, and the cause; what only the list knows to be wrong is said too. */
function StatusCell({ row, isCompact }: { row: DeploymentRow; isCompact: boolean }) {
  const unsaid = row.attention.filter((reason) => reason === "stuck" || reason === "tokenExpires");
  return (
    <>
      <DeploymentStatus {...row} isSmall />
      {unsaid.map((reason) => (
        <span key={reason} className="mt-1 flex items-center gap-1 text-warn text-xs">
          <Icon name={reason === "stuck" ? "clock" : "lock"} className="size-3.5!" />
          {ATTENTION_WORDS[reason]}
        </span>
      ))}
      {row.message === "" ? null : (
        <p
          title={isCompact ? row.message : undefined}
          className={`mt-1 max-w-prose break-words text-ink text-xs first-letter:uppercase ${isCompact ? "@4xl:line-clamp-1" : ""}`}
        >
          {row.message}
        </p>
      )}
    </>
  );
}

/** The model by what tells it apart; the whole of its address is its title. A line may break after each slash. */
function ModelName({ row }: { row: DeploymentRow }) {
  const [first = "", ...rest] = modelWord(row).split("/");
  return (
    <span title={row.model.uri || undefined} className="wrap-anywhere block font-mono text-xs leading-5 @4xl:max-w-44">
      {first}
      {rest.map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of an address have no other identity
        <Fragment key={at}>
          /<wbr />
          {part}
        </Fragment>
      ))}
    </span>
  );
}
