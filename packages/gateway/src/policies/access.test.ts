import { consoleCredential } from "@slipway/rpc";
import { TokenMethod, Visibility } from "@slipway/rpc/control/router";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type FakeReplica, startFakeReplica } from "../testing/fake-replica.ts";
import type { FakeScheduler } from "../testing/fake-scheduler.ts";
import { Bench, INTERNAL_SECRET, type RunningGateway, route, target, token } from "../testing/test-gateway.ts";

const bench = new Bench();
afterAll(() => bench.cleanUp());

const PRIVATE = { visibility: Visibility.PRIVATE } as const;
const LONG_AGO = 1_000n;

let gateway: RunningGateway;
let scheduler: FakeScheduler;
let replica: FakeReplica;

beforeAll(async () => {
  replica = await startFakeReplica();
  bench.defer(() => replica.stop());
  scheduler = await bench.scheduler();
  scheduler.set(
    route([target(replica.address)], {
      ...PRIVATE,
      tokens: [
        token("alice", "slw_alice"),
        token("erin", "slw_erin", { expiresAtMs: LONG_AGO }),
        token("rita", "slw_rita", { revokedAtMs: LONG_AGO }),
        token("future", "slw_future", { expiresAtMs: BigInt(Date.now() + 3_600_000) }),
        token("asker", "slw_asker", { methods: [TokenMethod.INFER] }),
        token("reader", "slw_reader", { methods: [TokenMethod.METADATA] }),
        token("newer", "slw_newer", { methods: [TokenMethod.UNSPECIFIED] }),
        token("turned", "slw_turned", { expiresAtMs: LONG_AGO, replacedAtMs: LONG_AGO }),
      ],
    }),
    route([target(replica.address)], {
      ...PRIVATE,
      deployment: "digits",
      tokens: [token("bob", "slw_bob"), token("old-bob", "slw_old_bob", { expiresAtMs: LONG_AGO })],
    }),
    route([target(replica.address)], {
      deployment: "open",
      tokens: [token("carol", "slw_carol", { methods: [TokenMethod.METADATA] })],
    }),
  );
  gateway = await bench.gateway([scheduler.address]);
  await vi.waitFor(() => expect(gateway.gateway.ready().ready).toBe(true));
});

async function call(deployment: string, authorization?: string) {
  const response = await gateway.infer(deployment, authorization === undefined ? {} : { headers: { authorization } });
  const { code, error } = await response.json();
  return { status: response.status, code, error, challenge: response.headers.get("www-authenticate") };
}
const bearer = (text: string) => `Bearer ${text}`;
const basic = (client: string, text: string) => `Basic ${Buffer.from(`${client}:${text}`).toString("base64")}`;

describe("a private deployment", () => {
  test("is called with its own token, as Bearer or as Basic, and the replica learns which client it was", async () => {
    for (const authorization of [bearer("slw_alice"), `bearer slw_alice`, basic("alice", "slw_alice")]) {
      expect(await call("iris", authorization)).toMatchObject({ status: 200 });
      expect(replica.seen.at(-1)?.headers["x-slipway-client"]).toBe("alice");
    }
    expect(await call("iris", bearer("slw_future"))).toMatchObject({ status: 200 });
  });

  test("asks a caller without a credential for one", async () => {
    const answer = await call("iris");
    expect(answer).toMatchObject({ status: 401, code: "auth/missing" });
    expect(answer.challenge).toContain("Bearer");
    expect(answer.challenge).toContain("Basic");
  });

  test("does not know a wrong token, a token of another client's name, or another scheme", async () => {
    const wrong = [
      bearer("slw_wrong"),
      basic("mallory", "slw_alice"),
      basic("alice", "slw_wrong"),
      "Digest x",
      "Bearer",
      "Basic !!!",
      `Bearer ${"x".repeat(2_000)}`,
    ];
    for (const authorization of wrong) {
      expect(await call("iris", authorization)).toMatchObject({ status: 401, code: "auth/unknown" });
    }
  });

  test("says of a known token that it expired or was revoked, and whose it is", async () => {
    const expired = await call("iris", bearer("slw_erin"));
    expect(expired).toMatchObject({ status: 401, code: "auth/expired" });
    expect(expired.error).toContain("erin");
    expect(await call("iris", basic("rita", "slw_rita"))).toMatchObject({ status: 401, code: "auth/revoked" });
  });

  test("says of a token whose overlap is over that a newer one took its place", async () => {
    const answer = await call("iris", bearer("slw_turned"));
    expect(answer).toMatchObject({ status: 401, code: "auth/replaced" });
    expect(answer.error).toContain("turned");
  });

  test("gives a token what its scope holds and no more, and says what that is", async () => {
    const statusOf = async (path: string, text: string, method = "GET") => {
      const body = method === "POST" ? { body: "{}" } : {};
      const url = `${gateway.url}/serve/default/iris${path}`;
      const response = await fetch(url, { method, headers: { authorization: bearer(text) }, ...body });
      const { code } = response.status < 400 ? { code: null } : await response.json();
      return code ?? response.status;
    };
    expect(await call("iris", bearer("slw_asker"))).toMatchObject({ status: 200 });
    const refused = await call("iris", bearer("slw_reader"));
    expect(refused).toMatchObject({ status: 403, code: "auth/out_of_scope" });
    expect(refused.error).toBe("The token of client reader is good for reading metadata only, not for inference.");
    for (const path of ["/v2/models/iris/infer", "/v2/models/iris/versions/v1/infer", "/api/v1.0/predictions"]) {
      expect(await statusOf(path, "slw_reader", "POST"), path).toBe("auth/out_of_scope");
    }
    for (const path of ["/v2", "/v2/models/iris", "/v2/models/iris/versions/v1"]) {
      expect(await statusOf(path, "slw_asker"), path).toBe("auth/out_of_scope");
      expect(await statusOf(path, "slw_reader"), path).toBe(200);
    }
    for (const path of ["/v2/health/ready", "/v2/health/live", "/v2/models/iris/ready"]) {
      for (const text of ["slw_asker", "slw_reader"]) expect(await statusOf(path, text), path).toBe(200);
    }
    expect(await call("iris", bearer("slw_newer"))).toMatchObject({ status: 403, code: "auth/out_of_scope" });
  });

  test("is forbidden to a good token for something else, just like a deployment that does not exist", async () => {
    const other = await call("iris", bearer("slw_bob"));
    const nothing = await call("no-such-deployment", bearer("slw_bob"));
    expect(other).toMatchObject({ status: 403, code: "gateway/no_endpoint" });
    expect(nothing).toMatchObject({ status: 403, code: "gateway/no_endpoint" });
    expect(other.error.replace("iris", "no-such-deployment")).toBe(nothing.error);
    expect(await call("iris", bearer("slw_old_bob"))).toMatchObject({ status: 401, code: "auth/expired" });
  });

  test("shows nobody without a credential whether it exists", async () => {
    expect(await call("no-such-deployment")).toMatchObject({ status: 401, code: "auth/missing" });
    expect(await call("no-such-deployment", bearer("slw_wrong"))).toMatchObject({ status: 401, code: "auth/unknown" });
  });

  test("takes no credential that is sent twice", async () => {
    const head = "POST /serve/default/iris/v2/models/iris/infer HTTP/1.1\r\nhost: x\r\nconnection: close\r\n";
    const twice = "authorization: Bearer slw_wrong\r\nauthorization: Bearer slw_alice\r\n";
    expect(await gateway.raw(`${head}${twice}content-length: 2\r\n\r\n{}`)).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("stops taking a token at its revocation, also on a connection that used it before", async () => {
    const tokens = [token("dave", "slw_dave")];
    scheduler.set(route([target(replica.address)], { ...PRIVATE, deployment: "revoked", tokens }));
    await vi.waitFor(async () => expect((await call("revoked", bearer("slw_dave"))).status).toBe(200));
    const revoked = [token("dave", "slw_dave", { revokedAtMs: LONG_AGO })];
    scheduler.set(route([target(replica.address)], { ...PRIVATE, deployment: "revoked", tokens: revoked }));
    await vi.waitFor(async () => expect((await call("revoked", bearer("slw_dave"))).code).toBe("auth/revoked"));
  });
});

describe("a public deployment", () => {
  test("needs no credential, minds no foreign one, and knows its own clients by theirs", async () => {
    expect(await call("open")).toMatchObject({ status: 200 });
    expect(replica.seen.at(-1)?.headers).not.toHaveProperty("x-slipway-client");
    expect(await call("open", bearer("slw_bob"))).toMatchObject({ status: 200 });
    expect(replica.seen.at(-1)?.headers).not.toHaveProperty("x-slipway-client");
    expect(await call("open", bearer("slw_carol"))).toMatchObject({ status: 200 });
    expect(replica.seen.at(-1)?.headers["x-slipway-client"]).toBe("carol");
  });
});

describe("the console", () => {
  const own = bearer(consoleCredential(INTERNAL_SECRET));

  test("may call any deployment for who tries it, and the replica learns that it was the console", async () => {
    for (const deployment of ["iris", "open"]) {
      const pretending = { authorization: own, "x-slipway-client": "alice", "x-forwarded-user": "alice" };
      expect((await gateway.infer(deployment, { headers: pretending })).status).toBe(200);
      const headers = replica.seen.at(-1)?.headers;
      expect(headers?.["x-slipway-client"]).toBe("slipway-console");
      expect(headers).not.toHaveProperty("x-forwarded-user");
      expect(headers?.authorization).not.toBe(own);
    }
    expect(await call("no-such-deployment", own)).toMatchObject({ status: 403, code: "gateway/no_endpoint" });
  });

  test("is known by its credential alone: not by one that differs in its last character, nor by the secret, nor as Basic", async () => {
    const text = consoleCredential(INTERNAL_SECRET);
    const others = [
      bearer(`${text.slice(0, -1)}${text.endsWith("A") ? "B" : "A"}`),
      bearer(`${text}A`),
      bearer(INTERNAL_SECRET),
      basic("slipway-console", text),
      bearer("slipway-console"),
    ];
    for (const authorization of others) {
      expect(await call("iris", authorization)).toMatchObject({ status: 401, code: "auth/unknown" });
    }
  });

  test("calls a stopped deployment no more than anybody else", async () => {
    scheduler.set(route([target(replica.address)], { ...PRIVATE, deployment: "halted", running: false }));
    await vi.waitFor(async () => {
      expect(await call("halted", own)).toMatchObject({ status: 503, code: "gateway/stopped" });
    });
  });
});
