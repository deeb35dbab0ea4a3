/** What was sent, null too, or what there is when nothing was. */
export function providedOr<Value>(sent: Value | undefined, current: Value): Value {
  return sent === undefined ? current : sent;
}
