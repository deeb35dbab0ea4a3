/** A file as text, which Vite and Vitest import so. */
declare module '*?raw' {
  const text: string;
  export default text;
}
