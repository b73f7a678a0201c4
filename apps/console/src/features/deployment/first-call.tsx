import { Button } from "@slipway/ui/button";
import { CodeBlock } from "@slipway/ui/code-block";
import { CopyButton } from "@slipway/ui/copy-button";
import { Skeleton } from "@slipway/ui/skeleton";
import { lazy, Suspense, useState } from "react";
import { failureOf } from "../../trpc/failure.ts";
import { type DeploymentDetails, noSampleSentence } from "./deployment-details.ts";
import { LANGUAGES, type Language, snippetOf } from "./snippets.ts";
import { useSample } from "./use-sample.ts";

/** Fetched when somebody asks for a token. */
const TokenDialog = lazy(() => import("./token-dialog.tsx"));

const WORDS: { readonly [Name in Language]: string } = {
  curl: "curl",
  python: "Python",
  javascript: "JavaScript",
  cli: "CLI",
};

type Props = { details: DeploymentDetails; gatewayUrl: string; nowMs: number };

/** Calls to begin with, filled with a sample of the model. */
export function FirstCall({ details, gatewayUrl, nowMs }: Props) {
  const [isMaking, setMaking] = useState(false);
  const [language, setLanguage] = useState<Language>("curl");
  const { group, name, isPublic, hasSample } = details;
  const { sample, error } = useSample(details);
  const snippet = sample === undefined ? null : snippetOf(language, { gatewayUrl, group, name, isPublic, sample });
  return (
    <section aria-labelledby="first-call" className="rounded-xl border border-line bg-surface p-4 sm:p-5">
      <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="first-call" className="font-semibold text-lg">
          First call
        </h2>
        <fieldset className="flex flex-wrap gap-1">
          <legend className="sr-only">Language</legend>
          {LANGUAGES.map((choice) => (
            <Button
              key={choice}
              look={choice === language ? "plain" : "quiet"}
              aria-pressed={choice === language}
              onClick={() => setLanguage(choice)}
            >
              {WORDS[choice]}
            </Button>
          ))}
        </fieldset>
        {snippet === null ? null : (
          <span className="ml-auto">
            <CopyButton text={snippet} what={`the ${WORDS[language]} call`} />
          </span>
        )}
      </div>
      {snippet !== null ? <CodeBlock text={snippet} label={`First call with ${WORDS[language]}`} /> : null}
      {snippet === null && error !== null ? <p>{failureOf(error).words}</p> : null}
      {hasSample ? null : <p>{noSampleSentence(details)}</p>}
      {hasSample && snippet === null && error === null ? <Skeleton className="h-24 w-full" /> : null}
      {isPublic || language === "cli" ? null : (
        <p className="mt-3 text-ink-soft text-sm">
          It is private: callers send a token, here from the variable TOKEN.{" "}
          <button
            type="button"
            onClick={() => setMaking(true)}
            className="min-h-8 cursor-pointer rounded text-accent underline underline-offset-4"
          >
            Create a token
          </button>
        </p>
      )}
      <Suspense>
        {isMaking ? <TokenDialog {...{ details, gatewayUrl, nowMs }} onClose={() => setMaking(false)} /> : null}
      </Suspense>
    </section>
  );
}
