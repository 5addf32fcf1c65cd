declare module 'fxa-common-password-list' {
  const list: {
    /** Whether it is among the 50,000 most common passwords of eight characters or more, exactly as written. */
    test(password: string): boolean;
  };
  export default list;
}
