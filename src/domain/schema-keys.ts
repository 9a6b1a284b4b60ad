import type { z } from 'zod';

type Path = readonly PropertyKey[];

/** The keys that a schema knows for the object at `path`; empty where it is no object, or takes any key. */
export function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  const [first, ...rest] = path;
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if ('innerType' in def) return keysAt(def.innerType, path);
  switch (def.type) {
    case 'pipe':
      return keysAt(def.in, path);
    case 'lazy':
      return keysAt(def.getter(), path);
    case 'union':
      return [...new Set(def.options.flatMap((option) => keysAt(option, path)))];
    case 'object': {
      if (first === undefined) return Object.keys(def.shape);
      const inner = Object.hasOwn(def.shape, first) ? def.shape[String(first)] : undefined;
      return inner === undefined ? [] : keysAt(inner, rest);
    }
    case 'record':
      return first === undefined ? [] : keysAt(def.valueType, rest);
    case 'array':
      return first === undefined ? [] : keysAt(def.element, rest);
    default:
      return [];
  }
}
