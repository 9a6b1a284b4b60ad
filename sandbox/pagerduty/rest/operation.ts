import type { Json, JsonObject } from '../../slack/json.ts';
import type { Account } from '../account.ts';
import type { Person } from '../account-types.ts';

export interface Request {
  /** The path's variables, by name. */
  variables: Readonly<Record<string, string>>;
  query: URLSearchParams;
  body: Json | undefined;
  /** Whose e-mail address `From` has; of operations that need it. */
  requester: Person | undefined;
}

export interface Result {
  status: number;
  body: JsonObject;
}

export interface Operation {
  method: 'GET' | 'POST' | 'PUT';
  /** As the OpenAPI document writes it: `/incidents/{id}`. */
  path: string;
  /** Whether the header `From` must name a user. */
  from?: boolean;
  run(account: Account, request: Request): Result;
}

export const ok = (body: JsonObject): Result => ({ status: 200, body });
