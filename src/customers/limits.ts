/** Upper bounds of a customer's parts. Lengths are in characters, as PostgreSQL counts them (code points). */
export const limits = {
  name: 255,
  email: 255,
  phone: 50,
  website: 255,
  addressPart: 255,
  zipCode: 20,
  contacts: 50,
} as const;
