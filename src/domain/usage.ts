/** The part of a command that its usage line and its help are made of. */
export interface Usable {
  name: string;
  summary: string;
  group?: 'incidents' | 'muster';
  details?: string[];
  arguments: { name: string; help: string; required?: boolean; many?: boolean }[];
  options: Record<string, { type: 'text' | 'flag'; help: string }>;
  examples: string[];
}

/** `Usage: dr approve <run> [digest] [--reason <text>]` */
export function usageOf({ name, arguments: args, options }: Usable): string {
  const places = args.map(argumentText);
  const flags = Object.entries(options).map(([option, { type }]) => `[${optionText(option, type)}]`);
  return ['Usage: dr', name, ...places, ...flags].join(' ');
}

export function optionText(option: string, type: 'text' | 'flag'): string {
  return type === 'flag' ? `--${option}` : `--${option} <${option}>`;
}

/** `<run>`, `[digest]`, `[param=value ...]` */
export function argumentText({ name, required, many }: Usable['arguments'][number]): string {
  const text = many === true ? `${name} ...` : name;
  return required === true ? `<${text}>` : `[${text}]`;
}
