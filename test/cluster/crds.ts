import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { announceSkip } from '../announce-skip.ts';

/** The parts of an OpenAPI v3 schema, as CRDs write it, that say which fields exist. */
export interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  [keyword: string]: unknown;
}

export type Crd = {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: {
    group: string;
    names: { kind: string; plural: string };
    versions: { name: string; schema: { openAPIV3Schema: Schema } }[];
    [field: string]: unknown;
  };
};

const FOLDER = 'VELERO_CRDS_DATA';

/** The CRDs in the folder that VELERO_CRDS_DATA names, one JSON file each; undefined where it is unset. A folder that holds none throws. */
export function loadCrds(folder = process.env[FOLDER]): Crd[] | undefined {
  if (!folder) return undefined;
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const crds = files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Crd);
  if (!crds.some((crd) => crd.spec.group === 'velero.io'))
    throw new Error(`${FOLDER}=${folder} holds no velero.io CRD`);
  return crds;
}

/** A CRD for Restores that takes any content: for a real API server where Velero's own CRDs are not at hand. */
export function tinyVeleroCrds(): Crd[] {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const names = { kind: 'Restore', listKind: 'RestoreList', plural: 'restores', singular: 'restore' };
  const versions = [{ name: 'v1', served: true, storage: true, schema }];
  return [
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'restores.velero.io' },
      spec: { group: 'velero.io', scope: 'Namespaced', names, versions },
    },
  ];
}

/** Without `default: ""`, which API servers before 1.21 refuse in a CRD. */
export function stripEmptyDefaults<T>(value: T): T {
  const drop = (key: string, inner: unknown) => (key === 'default' && inner === '' ? undefined : inner);
  return JSON.parse(JSON.stringify(value, drop)) as T;
}

type Validate = (object: unknown) => string[];

/** Checks objects against CRDs: what an API server would refuse, and the fields that it would drop in silence. */
export function createValidator(crds: Crd[]): Validate {
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  // Some CRDs use these as formats; Kubernetes knows neither and lets all pass.
  for (const format of ['url', 'string']) ajv.addFormat(format, true);
  const compiled = new Map<Schema, ValidateFunction>();
  return (object) => {
    const { apiVersion, kind } = object as { apiVersion?: string; kind?: string };
    const schema = findSchema(crds, apiVersion, kind);
    if (!schema) return [`no CRD defines ${kind} in ${apiVersion}`];
    const check = compiled.get(schema) ?? ajv.compile(schema);
    compiled.set(schema, check);
    check(object);
    const refused = (check.errors ?? []).map((error) => `${error.instancePath || '/'} ${error.message}`);
    return [...refused, ...listUnknown(schema, object, '')];
  };
}

function findSchema(crds: Crd[], apiVersion?: string, kind?: string): Schema | undefined {
  for (const { spec } of crds.filter((crd) => crd.spec.names.kind === kind)) {
    const version = spec.versions.find(({ name }) => `${spec.group}/${name}` === apiVersion);
    if (version) return version.schema.openAPIV3Schema;
  }
  return undefined;
}

function listUnknown(schema: Schema, value: unknown, path: string): string[] {
  const { properties = {}, additionalProperties: others, items } = schema;
  if (Array.isArray(value)) return items ? value.flatMap((item, at) => listUnknown(items, item, `${path}/${at}`)) : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) => {
    const at = `${path}/${field}`;
    // Every API server knows ObjectMeta; CRDs do not repeat it.
    if (at === '/metadata') return [];
    const known = properties[field] ?? (typeof others === 'object' ? others : undefined);
    if (known) return listUnknown(known, inner, at);
    const isOpen = others === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
    return isOpen ? [] : [`${at} is no field of this kind`];
  });
}

let validate: Validate | undefined;

/**
 * The problems of an object that goes to Velero or Flagger, by their own CRDs; none: it fits.
 * Where VELERO_CRDS_DATA is unset nothing is checked, and a line says so once.
 */
export function validateAgainstCrds(object: unknown): string[] {
  validate ??= chooseValidator();
  return validate(object);
}

function chooseValidator(): Validate {
  const crds = loadCrds();
  if (crds) return createValidator(crds);
  announceSkip('checks of objects against the CRDs of Velero', `${FOLDER} (a folder of CRDs as JSON) is unset`);
  return () => [];
}
