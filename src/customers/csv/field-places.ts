/**
 * Columns by their places in the file. The cells of the inner list are joined; the first of the outer list that is not blank fills the
 * field.
 */
export type Sources = readonly (readonly number[])[];

/** Which columns fill which field, while it is decided. */
export class FieldPlaces implements Iterable<[string, Sources]> {
  readonly #fields = new Map<string, Sources>();

  [Symbol.iterator](): Iterator<[string, Sources]> {
    return this.#fields[Symbol.iterator]();
  }

  has(field: string): boolean {
    return this.#fields.has(field);
  }

  /** @returns whether the field was free. */
  setIfFree(field: string, sources: Sources): boolean {
    if (this.#fields.has(field)) return false;
    this.#fields.set(field, sources);
    return true;
  }

  /** Adds columns that fill the field where all before them are blank. */
  append(field: string, places: readonly number[]): void {
    this.#fields.set(field, [...(this.#fields.get(field) ?? []), places]);
  }

  remove(field: string): void {
    this.#fields.delete(field);
  }

  /** Takes columns away from all fields. */
  release(places: ReadonlySet<number>): void {
    for (const [field, sources] of this.#fields) {
      const left = sources.filter((joined) => !joined.some((place) => places.has(place)));
      if (left.length > 0) this.#fields.set(field, left);
      else this.#fields.delete(field);
    }
  }

  /** The places of all columns that fill a field. */
  used(): Set<number> {
    return new Set([...this.#fields.values()].flat(2));
  }
}
