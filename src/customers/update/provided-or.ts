/** The provided value, which can be `null`, or the current one if none was provided. */
export function providedOr<Value>(sent: Value | undefined, current: Value): Value {
  return sent === undefined ? current : sent;
}
