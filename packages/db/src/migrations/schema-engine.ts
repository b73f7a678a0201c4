import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  bindMigrationAwareSqlAdapterFactory,
  DriverAdapterError,
  type SqlDriverAdapter,
} from "@prisma/driver-adapter-utils";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import { DatabaseError, type Pool, type QueryConfig } from "pg";

export type SchemaEngine = bindings.SchemaEngine;
export type MigrationList = bindings.MigrationList;

/** Postgres' internal type "char", which the adapter does not know, and the one that it reads the same way. */
const INTERNAL_CHAR = 18;
const BLANK_PADDED_CHAR = 1042;

let loaded: Promise<void> | undefined;

/** Loads the WebAssembly once a process (40 ms). */
function loadWebAssembly(): Promise<void> {
  loaded ??= (async () => {
    const script = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
    const bytes = await readFile(new URL("./schema_engine_bg.wasm", pathToFileURL(script)));
    const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": { ...bindings } });
    bindings.__wbg_set_wasm(instance.exports);
    const start = instance.exports.__wbindgen_start;
    if (typeof start === "function") start();
  })();
  return loaded;
}

/** Prisma's schema engine on a pool of connections; `datamodels` are only needed to compare against them. */
export async function openSchemaEngine(pool: Pool, datamodels?: [string, string][]): Promise<SchemaEngine> {
  await loadWebAssembly();
  const factory = new PrismaPg(withReadableChar(pool));
  const adapter = bindMigrationAwareSqlAdapterFactory({
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => withWholeScripts(await factory.connect(), pool),
    connectToShadowDb: () => Promise.reject(new Error("the migrations runner has no shadow database")),
  });
  return bindings.SchemaEngine.new({ datamodels }, () => undefined, adapter);
}

/** The adapter splits scripts at `;`, which breaks function bodies; sent as one query, Postgres runs a script as one transaction. */
function withWholeScripts(adapter: SqlDriverAdapter, pool: Pool): SqlDriverAdapter {
  return Object.assign(Object.create(adapter), {
    async executeScript(script: string) {
      await pool.query(script).catch((error: unknown) => {
        throw error instanceof DatabaseError ? toDriverError(error) : error;
      });
    },
  });
}

/** Postgres' own words, which the engine then keeps with the failed migration. */
function toDriverError({ code = "", severity = "ERROR", message, detail, column, hint }: DatabaseError): Error {
  return new DriverAdapterError({ kind: "postgres", code, severity, message, detail, column, hint });
}

/** Reports columns of type "char" as one that the adapter can read. */
function withReadableChar(pool: Pool): Pool {
  return new Proxy(pool, {
    get(target, key) {
      if (key !== "query") return Reflect.get(target, key, target);
      return async (query: QueryConfig) => {
        const result = await target.query(query);
        for (const field of result.fields) if (field.dataTypeID === INTERNAL_CHAR) field.dataTypeID = BLANK_PADDED_CHAR;
        return result;
      };
    },
  });
}
