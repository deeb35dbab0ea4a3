/** The provided value, which can be `null`, or the current one if none was provided. */
export function providedOr<Value>(provided: Value | undefined, current: Value): Value {
  return provided === undefined ? current : provided;
}
