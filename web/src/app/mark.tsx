import url from '../favicon.svg';

/** The product's mark. */
export function Mark({ size }: { readonly size: number }) {
  return <img src={url} width={size} height={size} alt="" />;
}
