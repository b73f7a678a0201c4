import type { ExplainView } from "@slipway/contracts";
import { Badge } from "@slipway/ui/badge";
import { Button } from "@slipway/ui/button";
import { CardCell, CardRow, CardTable } from "@slipway/ui/card-table";
import { SelectField, TextField } from "@slipway/ui/field";
import { Notice } from "@slipway/ui/notice";
import { useQuery } from "@tanstack/react-query";
import { type SyntheticEvent, useEffect, useEffectEvent, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { problemOf } from "../../trpc/failure.ts";
import { useAction } from "../../trpc/use-action.ts";
import { FailureNotice } from "../deployment/failure-notice.tsx";
import { DEFAULT_GROUP_NAME, EVERY_GROUP } from "../frame/group.ts";
import { fitLines, VERDICT_LOOKS } from "./fleet-words.ts";
import type { FitQuestion } from "./servers-address.ts";

/** The choice of a model that is not deployed yet; no deployment can have this name. */
const NEW = "";
const DEPLOYMENTS_MAX = 200;
const TITLES = ["Where", "Verdict", "Free", "Why"];

type NewModel = Exclude<FitQuestion, { deployment: string }>;
type Typed = NewModel & { deployment: string };
const NOTHING_TYPED: Typed = { deployment: NEW, memory: "1Gi", format: "onnx", replicas: "1" };

type Answer = { isGood: boolean; summary: string; neededBytes: number; servers: ExplainView["servers"] };

type Props = {
  group: string;
  formats: readonly string[];
  /** What the address asks; null for nothing. */
  question: FitQuestion | null;
  keepQuestion: (question: FitQuestion) => void;
};

/**
 * Asks the scheduler where a model would be placed, or why a deployment is where it is, and shows what each filter said. What
 * is asked stands in the address; whoever opens that sees the answer of then.
 */
export function FitPanel({ group: shown, formats, question, keepQuestion }: Props) {
  const group = shown === EVERY_GROUP ? DEFAULT_GROUP_NAME : shown;
  const [typed, setTyped] = useState<Typed>(() => ({ ...NOTHING_TYPED, ...question }));
  const { deployment, memory, format, replicas } = typed;
  const change = (part: Partial<Typed>) => setTyped((before) => ({ ...before, ...part }));
  const [answer, setAnswer] = useState<Answer | null>(null);
  const { isPending, failure, run } = useAction();
  const names = useDeploymentNames(group);

  async function ask(asked: FitQuestion) {
    setAnswer(null);
    setAnswer(await run(() => ("deployment" in asked ? explain(group, asked.deployment) : fitNew(group, asked))));
  }
  const askAtOnce = useEffectEvent(() => {
    if (question !== null) void ask(question);
  });
  useEffect(() => askAtOnce(), []);

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    const asked = deployment === NEW ? { memory: memory.trim(), format, replicas } : { deployment };
    keepQuestion(asked);
    void ask(asked);
  }
  const known = [problemOf(failure, "memory"), problemOf(failure, "replicas")];

  return (
    <section aria-labelledby="fit" className="mt-6 rounded-xl border border-line bg-surface p-4 sm:p-5">
      <h2 id="fit" className="font-semibold text-lg">
        Where does this fit, and why not?
      </h2>
      <p className="mb-3 text-ink-soft text-sm">
        The scheduler answers by the rules it places models with, for group {group}. Nothing is changed.
      </p>
      <form
        noValidate
        onSubmit={submit}
        className="grid items-start gap-4 sm:grid-cols-2 lg:grid-cols-[2fr_1fr_1fr_1fr_auto]"
      >
        <SelectField label="Model" value={deployment} onChange={({ target }) => change({ deployment: target.value })}>
          <option value={NEW}>one that is not deployed yet</option>
          {withChosen(names, deployment).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </SelectField>
        {deployment === NEW ? (
          <>
            <TextField
              label="Memory"
              value={memory}
              onChange={({ target }) => change({ memory: target.value })}
              hint="Such as 200Mi or 2Gi."
              error={known[0] ?? ""}
              maxLength={40}
              spellCheck={false}
            />
            <SelectField label="Must load" value={format} onChange={({ target }) => change({ format: target.value })}>
              {withChosen(formats, format).map((one) => (
                <option key={one}>{one}</option>
              ))}
            </SelectField>
            <TextField
              label="Replicas"
              type="number"
              min={1}
              max={1000}
              value={replicas}
              onChange={({ target }) => change({ replicas: target.value })}
              error={known[1] ?? ""}
            />
          </>
        ) : null}
        <Button type="submit" look="primary" disabled={isPending} className="min-h-9 lg:mt-6">
          {isPending ? "Asking…" : "Ask"}
        </Button>
      </form>
      <FailureNotice failure={known.every((words) => words === "") ? failure : null} />
      <div aria-live="polite">{answer === null ? null : <Verdicts answer={answer} />}</div>
    </section>
  );
}

function Verdicts({ answer: { isGood, summary, neededBytes, servers } }: { answer: Answer }) {
  return (
    <div className="mt-4 grid gap-4">
      <div className="rounded-lg border border-line">
        <Notice tone={isGood ? "good" : "warn"} title={`${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}`} />
      </div>
      {servers.length === 0 ? null : (
        <CardTable caption="What each server and replica says" titles={TITLES}>
          {fitLines(servers, neededBytes).map(({ key, where, verdict, free, why, isServer }) => (
            <CardRow
              key={key}
              name={key}
              head={<span className={isServer ? "font-semibold" : "@4xl:pl-4"}>{where}</span>}
              className=""
            >
              <CardCell title="Verdict" className="max-sm:col-span-full">
                <Badge {...VERDICT_LOOKS[verdict]} />
              </CardCell>
              <CardCell title="Free" className={free === "" ? "@max-4xl:hidden" : "tabular-nums"}>
                {free}
              </CardCell>
              <CardCell title="Why" className="wrap-anywhere col-span-full">
                {why}
              </CardCell>
            </CardRow>
          ))}
        </CardTable>
      )}
    </div>
  );
}

/** The choices with the one that is chosen, which may come from an address. */
function withChosen(choices: readonly string[], chosen: string): string[] {
  return [...new Set([...choices, ...(chosen === NEW ? [] : [chosen])])];
}

async function fitNew(group: string, { memory, format, replicas }: NewModel): Promise<Answer> {
  const { fits, ...view } = await trpc.placement.fit.mutate({ group, memory, format, replicas: Number(replicas) });
  return { isGood: fits, ...view };
}

async function explain(group: string, name: string): Promise<Answer> {
  const view = await trpc.placement.explain.query({ kind: "deployments", group, name });
  return { isGood: view.placed >= view.wanted, ...view };
}

function useDeploymentNames(group: string): string[] {
  const { data } = useQuery({
    queryKey: ["servers", group, "deployments"],
    queryFn: async ({ signal }) => {
      const input = { kind: "deployments", group, limit: DEPLOYMENTS_MAX };
      return (await trpc.resource.list.query(input, { signal })).items.map(({ metadata }) => metadata.name);
    },
    retry: false,
  });
  return data ?? [];
}
