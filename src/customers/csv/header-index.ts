import { headerKey } from './header-name.js';

/** Finds the columns of a file by their names: as written, or else without regard to case, spaces and punctuation. */
export class HeaderIndex {
  readonly #exact = new Map<string, number[]>();
  readonly #byKey = new Map<string, number[]>();

  /** @param names - without white space at the ends. */
  constructor(readonly names: readonly string[]) {
    for (const [place, name] of names.entries()) {
      if (name === '') continue;
      add(this.#exact, name, place);
      const key = headerKey(name);
      if (key !== '') add(this.#byKey, key, place);
    }
  }

  /** The first column of this name. */
  find(name: string): number | undefined {
    return (this.#exact.get(name) ?? this.#byKey.get(headerKey(name)))?.[0];
  }

  /** All columns of this name, however it is written. */
  findAll(name: string): readonly number[] {
    return this.#byKey.get(headerKey(name)) ?? [];
  }

  /** The second column with exactly the same name as the column at this place. */
  duplicateOf(place: number): number | undefined {
    return this.#exact.get(this.names[place] ?? '')?.find((other) => other !== place);
  }
}

function add(places: Map<string, number[]>, name: string, place: number): void {
  const known = places.get(name);
  if (known) known.push(place);
  else places.set(name, [place]);
}
