import { z } from 'zod';
import type { StepType } from '../src/contracts.ts';
import { Runbook } from '../src/domain/runbook.ts';

/** A JSON Schema, as far as it is looked into here. */
interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
  required?: string[];
  [keyword: string]: unknown;
}

/** The schema of a runbook, with what each step type takes under `with`: an editor completes and checks that too. */
export function describeRunbook(steps: ReadonlyMap<string, StepType>): Schema {
  const schema = z.toJSONSchema(Runbook, { io: 'input', target: 'draft-7' }) as Schema;
  const step = schema.properties?.['steps']?.items;
  if (step?.properties === undefined) throw new Error('the schema has no steps');
  step.properties['uses'] = {
    description: [...steps.values()].map(({ name, summary }) => `${name}: ${summary}`).join('\n'),
    enum: [...steps.keys()],
  };
  step['allOf'] = [...steps.values()].map(describeStep);
  return schema;
}

function describeStep({ name, summary, params }: StepType): Schema {
  const { $schema: _, ...taken } = z.toJSONSchema(params, { io: 'input', target: 'draft-7' }) as Schema;
  const isNeeded = (taken.required ?? []).length > 0;
  return {
    if: { properties: { uses: { const: name } }, required: ['uses'] },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so
    then: {
      properties: { with: { description: summary, ...takeReferences(taken) } },
      ...(isNeeded ? { required: ['with'] } : {}),
    },
  };
}

const REFERENCE: Schema = { type: 'string', pattern: '\\$\\{[^{}]+\\}' };

/** Wherever a value goes, `${name}` may stand for it. */
function takeReferences(schema: Schema): Schema {
  const { properties, items, additionalProperties } = schema;
  if (schema.type === 'object') {
    const inner = Object.entries(properties ?? {}).map(([key, value]) => [key, takeReferences(value)]);
    return {
      ...schema,
      ...(properties === undefined ? {} : { properties: Object.fromEntries(inner) }),
      ...(typeof additionalProperties === 'object'
        ? { additionalProperties: takeReferences(additionalProperties) }
        : {}),
    };
  }
  if (schema.type === 'array' && items !== undefined) return { ...schema, items: takeReferences(items) };
  if (schema.type === 'string' && Object.keys(schema).length === 1) return schema;
  return { anyOf: [schema, REFERENCE] };
}
