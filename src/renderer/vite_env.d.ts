// Files that Vite resolves and TypeScript does not know.
declare module "*.css";
declare module "*.css?inline" {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: the form that Vite gives it.
  export default text;
}
declare module "*?raw" {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: the form that Vite gives it.
  export default text;
}
