import { type Figures } from './load.ts';
import { median } from './median.ts';

/** A contender's figures, round by round, for each work. */
export interface Measured {
  readonly name: string;
  readonly figures: ReadonlyMap<string, Figures[]>;
}

/** All contenders at some works, with so many customers in the database. */
export interface Table {
  readonly size: number;
  readonly works: readonly string[];
  readonly measured: readonly Measured[];
}

/** The rounds of the contender whose name begins so. */
export function figuresOf({ measured }: Table, name: string, work: string): readonly Figures[] {
  return measured.find((contender) => contender.name.startsWith(name))?.figures.get(work) ?? [];
}

/** The median of the rounds' own ratios. */
export function ratioOf(rounds: readonly Figures[], others: readonly Figures[], key: keyof Figures): string {
  return median(rounds.map((round, i) => round[key] / (others[i]?.[key] ?? Number.NaN))).toFixed(2);
}
