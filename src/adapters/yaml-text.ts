import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml';
import type { Problem } from '../domain/problem.ts';

/** A problem with its place; lines and columns count from 1. */
export interface Placed {
  line: number;
  column: number;
  message: string;
}

export interface YamlText {
  /** The text's value; undefined where it cannot be told what is meant. A key that is there twice has its last value. */
  value: unknown;
  /** What is wrong with the text as YAML. */
  problems: Placed[];
  /** Where a problem with the value stands in the text. */
  locate(problem: Pick<Problem, 'path' | 'at'>): { line: number; column: number };
}

interface Found {
  offset: number;
  message: string;
}

const DEEPEST = 32;
const TOO_DEEP = `this is nested deeper than ${DEEPEST} levels; flatten it`;

/** Reads one YAML 1.2 document (core schema: `no` is text, there is no `<<`), whatever version the text claims to be. */
export function parseYaml(text: string): YamlText {
  const lines = new LineCounter();
  const place = (offset: number) => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const document = readDocument(text, lines);
  if (document === undefined) {
    const start = { line: 1, column: 1 };
    return { value: undefined, problems: [{ ...start, message: TOO_DEEP }], locate: () => start };
  }
  const stops = findStops(document, text);
  const found = [...stops, ...findDuplicates(document, text), ...findMisreadNumbers(document)];
  return {
    value: stops.length > 0 ? undefined : document.toJS({ maxAliasCount: 0 }),
    problems: found.map(({ offset, message }) => ({ ...place(offset), message })),
    locate: (problem) => place(offsetOf(document, problem)),
  };
}

/** undefined: nested so deeply that the parser gave up. */
function readDocument(text: string, lineCounter: LineCounter): Document | undefined {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: true, schema: 'core', merge: false });
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

/** What makes the value unknowable: the first error of syntax (others follow from it), or nodes that we do not take. */
function findStops(document: Document, text: string): Found[] {
  const error = document.errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  if (error !== undefined) {
    return [{ offset: error.pos[0], message: explainSyntax(error.code, error.message, text, error.pos[0]) }];
  }
  if (document.contents === null || isEmptyScalar(document.contents)) {
    return [{ offset: 0, message: 'the file is empty; write what it is for, or remove it' }];
  }
  const found: Found[] = document.warnings.map(({ pos, message }) => ({
    offset: pos[0],
    message: `${message.charAt(0).toLowerCase()}${message.slice(1)}; remove it`,
  }));
  visit(document, {
    Alias: (_, { range, source }) => {
      found.push({ offset: range?.[0] ?? 0, message: `the alias *${source} is not taken; write the value out` });
    },
    Pair: (_, { key }) => {
      if (!isNode(key) || isScalar(key)) return undefined;
      found.push({ offset: key.range?.[0] ?? 0, message: 'a key must be a word; write "key: value"' });
      return visit.SKIP;
    },
    Collection: (_, { range }, path) => {
      if (path.filter(isCollection).length < DEEPEST) return undefined;
      found.push({ offset: range?.[0] ?? 0, message: TOO_DEEP });
      return visit.BREAK;
    },
  });
  return found;
}

function isEmptyScalar(node: unknown): boolean {
  return isScalar(node) && node.value === null && !node.source;
}

function findDuplicates(document: Document, text: string): Found[] {
  return document.errors
    .filter(({ code }) => code === 'DUPLICATE_KEY')
    .map(({ pos: [offset] }) => ({
      offset,
      message: `the key "${/^["']?([^\s:"']*)/.exec(text.slice(offset))?.[1] ?? ''}" is there twice; remove one`,
    }));
}

/** `012` is 12 to YAML, `1.10` is 1.1: names and versions lose characters without a word. */
function findMisreadNumbers(document: Document): Found[] {
  const found: Found[] = [];
  visit(document, {
    Scalar: (_, { value, source, range }: Scalar) => {
      if (typeof value !== 'number' || source === undefined || String(value) === source) return;
      const message = `${source} is read as the number ${value}; write ${value}, or quote it: "${source}"`;
      found.push({ offset: range?.[0] ?? 0, message });
    },
  });
  return found;
}

const ADVICE: Record<string, string> = {
  TAB_AS_INDENT: 'indent with spaces',
  MULTIPLE_DOCS: 'keep one document in the file',
  BAD_INDENT: 'line it up with its neighbours',
  BAD_SCALAR_START: 'quote the value',
  BLOCK_AS_IMPLICIT_KEY: 'quote the value if it holds ": "',
};

function explainSyntax(code: string, message: string, text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1).split('\n')[0] ?? '';
  if (message.startsWith('Maximum call stack')) return TOO_DEEP;
  const isBareReference = /\{.*[^'"]\$\{/.test(line);
  const isOpen = /closing|end with/.test(message);
  const fallback = isOpen ? 'close what was opened' : 'look for a missing quote, colon or indentation before it';
  const advice = isBareReference ? `quote references inside { }: "\${name}"` : ADVICE[code];
  const summary = message.split(/[;\n]/)[0] ?? message;
  return `this is not YAML (${summary}); ${advice ?? fallback}`;
}

/** The start of the node that the path leads to, or of the nearest one above it that exists. */
function offsetOf(document: Document, { path, at }: Pick<Problem, 'path' | 'at'>): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, key] of path.entries()) {
    const isLast = index === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (pair === undefined) return offset;
      offset = (isLast && at === 'key' ? undefined : startOf(pair.value)) ?? startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = startOf(node) ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
