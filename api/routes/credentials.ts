import { z } from "zod";
import { listQuery } from "../../domain/contract/common.ts";
import { Credential, CredentialPatch, NewCredential } from "../../domain/contract/device.ts";
import { CREDENTIAL_SORTS } from "../../db/queries/credentials.ts";
import {
  changeCredential,
  createCredential,
  getCredential,
  getCredentials,
  removeCredential,
  setDefaultCredential,
} from "../../services/credentials.ts";
import { IdParam, sortOf } from "../query.ts";
import { route } from "../route.ts";

const tag = "credentials";
const read = "credentials:read";
const write = "credentials:write";
const params = IdParam;
const One = z.object({ credential: Credential });

export const credentialRoutes = [
  route(
    {
      method: "get",
      path: "/api/credentials",
      access: read,
      tag,
      summary: "Credentials, without their secrets",
      query: listQuery(CREDENTIAL_SORTS),
      answer: z.object({ credentials: z.array(Credential), total: z.number().int() }),
    },
    async ({ ctx, query: { sort, ...list } }) => ({
      data: await getCredentials(ctx, {
        ...list,
        sort: sortOf(sort, CREDENTIAL_SORTS, { column: "name", descending: false }),
      }),
    }),
  ),
  route(
    {
      method: "post",
      path: "/api/credentials",
      access: write,
      tag,
      summary: "Add a credential",
      body: NewCredential,
      answer: One,
      status: 201,
    },
    async ({ ctx, body }) => ({
      data: { credential: await createCredential(ctx, body) },
    }),
  ),
  route(
    {
      method: "get",
      path: "/api/credentials/{id}",
      access: read,
      tag,
      summary: "One credential, without its secrets",
      params,
      answer: One,
    },
    async ({ ctx, params: { id } }) => ({
      data: { credential: await getCredential(ctx, id) },
    }),
  ),
  route(
    {
      method: "put",
      path: "/api/credentials/{id}",
      access: write,
      tag,
      summary: "Change a credential: only what is given changes; null removes a secret",
      params,
      body: CredentialPatch,
      answer: One,
    },
    async ({ ctx, params: { id }, body }) => ({ data: { credential: await changeCredential(ctx, id, body) } }),
  ),
  route(
    {
      method: "delete",
      path: "/api/credentials/{id}",
      access: write,
      tag,
      summary: "Delete a credential that no device uses",
      params,
      answer: z.object({}),
    },
    async ({ ctx, params: { id } }) => {
      await removeCredential(ctx, id);
      return { data: {} };
    },
  ),
  route(
    {
      method: "post",
      path: "/api/credentials/{id}/default",
      access: write,
      tag,
      summary: "Use this credential for devices without one",
      params,
      answer: One,
    },
    async ({ ctx, params: { id } }) => ({ data: { credential: await setDefaultCredential(ctx, id) } }),
  ),
];
