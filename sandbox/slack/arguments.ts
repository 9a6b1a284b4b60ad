import { type Json, type JsonObject, parseJson } from './json.ts';
import { refuseArguments, SlackError } from './slack-error.ts';

/** A call's arguments. In a form everything is text; in a JSON body it has its type. Both are read the same way. */
export type Arguments = JsonObject;

export function readText(args: Arguments, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw refuseArguments(`must provide a string [json-pointer:/${name}]`);
}

export function needText(args: Arguments, name: string): string {
  const value = readText(args, name);
  if (value === undefined || value === '') throw refuseArguments(`missing required field: ${name}`);
  return value;
}

export function readFlag(args: Arguments, name: string, otherwise = false): boolean {
  const value = args[name];
  if (value === undefined || value === null || value === '') return otherwise;
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === '1' || value === 1) return true;
  if (value === 'false' || value === '0' || value === 0) return false;
  throw refuseArguments(`must be a boolean [json-pointer:/${name}]`);
}

export function readInteger(args: Arguments, name: string): number | undefined {
  const value = args[name];
  if (value === undefined || value === null || value === '') return undefined;
  const number = Number(value);
  if (!Number.isInteger(number)) throw refuseArguments(`must be an integer [json-pointer:/${name}]`);
  return number;
}

/** An object or a list: as it is in a JSON body, JSON text in a form. */
export function readJson(args: Arguments, name: string, error = 'invalid_arguments'): Json | undefined {
  const value = args[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') return value;
  const parsed = parseJson(value);
  if (parsed === undefined) throw new SlackError(error);
  return parsed;
}

/** Names or ids: separated by commas, or a list in a JSON body. */
export function readNames(args: Arguments, name: string): string[] {
  const value = args[name];
  if (Array.isArray(value)) return value.map(String);
  return (readText(args, name) ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
