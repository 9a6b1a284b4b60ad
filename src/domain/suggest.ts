/**
 * The candidate that was most likely meant, or undefined where none is near: a candidate that begins with the word, else the
 * nearest by edits (a swap of two neighbours counts as one). Short words allow fewer edits. Case does not matter.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.trim().toLowerCase();
  let best: { candidate: string; score: number } | undefined;
  for (const candidate of candidates) {
    const score = scoreCandidate(wanted, candidate.toLowerCase());
    if (score !== undefined && (best === undefined || score < best.score)) best = { candidate, score };
  }
  return best?.candidate;
}

/** The candidates that may have been meant, the nearest first; those that share the longest beginning where none is near. */
export function nearest(word: string, candidates: Iterable<string>, limit: number): string[] {
  const wanted = word.trim().toLowerCase();
  const scored = [...candidates].map((candidate) => ({
    candidate,
    score: scoreCandidate(wanted, candidate.toLowerCase()) ?? Number.POSITIVE_INFINITY,
    shared: countShared(wanted, candidate.toLowerCase()),
  }));
  return scored
    .filter(({ score, shared }) => score < Number.POSITIVE_INFINITY || shared >= SHARED_LEAST)
    .sort((a, b) => (a.score === b.score ? b.shared - a.shared : a.score - b.score))
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** Fewer letters than these in common at the beginning say nothing. */
const SHARED_LEAST = 4;

function countShared(a: string, b: string): number {
  let count = 0;
  while (count < a.length && a[count] === b[count]) count += 1;
  return count;
}

const LISTED = 12;

/** What to say about a word that is not among the candidates: `did you mean "steps"?`, else what there is. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const known = [...candidates];
  const nearest = suggest(word, known);
  if (nearest !== undefined) return `did you mean "${nearest}"?`;
  if (known.length === 0) return 'there are none to choose from';
  const more = known.length > LISTED ? `, and ${known.length - LISTED} more` : '';
  return `there is: ${known.slice(0, LISTED).join(', ')}${more}`;
}

/** Lower is nearer; a prefix scores below one edit, the shorter rest first. */
function scoreCandidate(word: string, candidate: string): number | undefined {
  if (word === candidate) return 0;
  if (word.length >= 2 && candidate.startsWith(word)) return 1 - 1 / (candidate.length - word.length + 1);
  const allowed = allowedEdits(word.length);
  if (Math.abs(word.length - candidate.length) > allowed) return undefined;
  const edits = countEdits(word, candidate);
  return edits <= allowed ? edits : undefined;
}

function allowedEdits(length: number): number {
  if (length < 3) return 0;
  if (length < 5) return 1;
  return length < 9 ? 2 : 3;
}

/** Damerau-Levenshtein distance in its "optimal string alignment" form: insert, delete, replace, swap neighbours. */
function countEdits(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(at(last, j) + 1, at(row, j - 1) + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, at(beforeLast, j - 2) + 1);
      }
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
