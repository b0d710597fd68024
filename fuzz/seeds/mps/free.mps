NAME all
OBJSENSE
    MAX
ROWS
 N cost
 N other
 L l
 G g
 E e
COLUMNS
 x cost 1.5 l 1 $ comment
 M 'MARKER' 'INTORG'
 y g -2 e 1e3
 M 'MARKER' 'INTEND'
 z l 1D2
RHS
 r l 4 g 1
 r cost -7
RANGES
 r l 3
 r e -2
BOUNDS
 UP b x 3
 FR b y
 SC b z 10
SOS
 S1 s
 x 1
 y 2
INDICATORS
 IF e y 1
ENDATA
